"""Foreign text formats, and the files that hold them, compressed or not."""
