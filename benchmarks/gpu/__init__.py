"""What the model takes on a GPU: `python -m benchmarks.gpu --data SHARDS --out FOLDER`."""
