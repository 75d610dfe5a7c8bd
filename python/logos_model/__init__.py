"""Decoder-only models over the ids of `logos_grammar`: train them, sample them, decode the samples.

`python -m logos_model.train` trains, `python -m logos_model.generate` samples,
`python -m logos_model.extend` appends the grammar to a language model, and
`python -m logos_model.text_shards` writes text for it to replay; all say what they take with
`--help`. Weights carry Hugging Face's Llama names, so a checkpoint folder also opens with
`transformers.LlamaForCausalLM.from_pretrained`.
"""

import sys
from importlib.util import find_spec

_missing = [name for name in ("torch", "safetensors") if find_spec(name) is None]
if _missing:
    _sentence = f"{' and '.join(_missing)} not installed: pip install 'logos-grammar[model]'"
    # While `python -m` looks for the module to run, argv[0] is "-m": a command then ends with the
    # sentence alone, where an import shows the reader whose import it was.
    if sys.argv[:1] == ["-m"]:
        raise SystemExit(_sentence)
    raise ModuleNotFoundError(_sentence, name=_missing[0])
