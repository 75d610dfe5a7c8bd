"""Objects of a declared type become shards, a model and samples as others do."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

SPEC = Path(__file__).parents[2] / "spec" / "declaring.md"

# In a process of its own: what it declares would be known to all tests of this one.
SCRIPT = """
import json, sys
from pathlib import Path

import numpy as np
import torch

from logos_model import generate, train

torch.set_num_threads(1)
folder = Path(sys.argv[1])
shards = folder / "shards"
command = ["--data", str(shards), "--device", "cpu", "--steps", "6", "--context", "64"]
command += ["--batch-rows", "4", "--samples", "6"]
command += ["--set", "model.hidden_size=32", "--set", "model.head_dim=8"]
command += ["--set", "model.num_hidden_layers=1", "--set", "data.held_out=0.1"]


def refused(types: list[str]) -> str:
    settings = [] if not types else ["--set", f"data.types={json.dumps(types)}"]
    try:
        train.main([*command, *settings, "--out", str(folder / "refused")])
    except SystemExit as error:
        return str(error)
    return "nothing"


if sys.argv[2] == "before":
    print(json.dumps([refused([]), refused(["no_such_module"]), refused(["other_peptides"])]))
    sys.exit()

import logos_grammar as lg
import peptides

random = np.random.default_rng(0)
names = "Ala Cys Gly Leu Ser Thr".split()
made = []
for _ in range(300):
    units = [peptides.Unit(str(random.choice(names)), None) for _ in range(random.integers(2, 9))]
    if random.random() < 0.5:
        units[0] = peptides.Unit("Cys", "S1")
        units[-1] = peptides.Unit("Cys", "/S1")
    made.append(peptides.Peptide(bool(random.random() < 0.3), tuple(units)))
with lg.prep.Shards(shards, name="peptide") as written:
    for one in made:
        written.add(one)
out = folder / "run"
status = train.main([*command, "--set", 'data.types=["peptides"]', "--out", str(out)])
drawn = ["--checkpoint", str(out), "--kind", "peptide", "--types", "peptides", "--n", "5"]
drawn += ["--format", "tokens", "--limit", "20"]
print(json.dumps([status, generate.main(drawn)]))
"""


def run(folder: Path, stage: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(folder / "script.py"), str(folder), stage],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"},
    )


def test_peptides_from_objects_to_samples(tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", SPEC.read_text(encoding="utf-8"), re.DOTALL)
    declaring = blocks[0].replace("lg.declare(GRAMMAR", "DECLARED = lg.declare(GRAMMAR")
    assert "DECLARED" in declaring
    (tmp_path / "peptides.py").write_text(declaring, encoding="utf-8")
    other = declaring.replace("<Cyclic>", "<Ring>")
    (tmp_path / "other_peptides.py").write_text(other, encoding="utf-8")
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    made = run(tmp_path, "train")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout.splitlines()[-1]) == [0, 0]
    samples = [json.loads(line) for line in (tmp_path / "run" / "samples.jsonl").open()]
    assert [sample["kind"] for sample in samples] == ["peptide"] * 6
    assert all(sample["ids"][0] == 7168 and sample["text"] for sample in samples)
    drawn = [line for line in made.stdout.splitlines() if line.startswith("<PeptideS> ")]
    assert len(drawn) == 5
    (model,) = (tmp_path / "run").glob("checkpoints/*/model/config.json")
    config = json.loads(model.read_text(encoding="utf-8"))
    manifest = json.loads((tmp_path / "shards" / "manifest.json").read_text(encoding="utf-8"))
    assert config["logos_types"] == manifest["types"]
    refused = run(tmp_path, "before")
    assert refused.returncode == 0, refused.stderr
    undeclared, missing, changed = json.loads(refused.stdout.splitlines()[-1])
    assert (
        "expected the declaration of peptide with which data was prepared, got none" in undeclared
    )
    assert "expected a module that declares object types as 'no_such_module'" in missing
    assert "got another declaration of it: name the module" in changed
