"""Generation in which every output is a sentence: transformers, vLLM and SGLang.

Each engine masks, before it draws a token, what cannot continue a sentence; no sentence ends before
it is complete; and a sentence that begins is complete within the tokens that the engine gives it.

**transformers** (`pip install 'logos-grammar[serving]'`), in one call:

>>> import torch, logos_grammar as lg
>>> from transformers import LlamaConfig, LlamaForCausalLM
>>> from logos_grammar.serving.generation import generate
>>> shape = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2)
>>> model = LlamaForCausalLM(LlamaConfig(vocab_size=lg.vocabulary.size, **shape))
>>> drawn = generate(
...     model, kind="molecule", max_new_tokens=24, do_sample=True, num_return_sequences=4
... )
>>> [type(lg.decode(ids)).__name__ for ids in drawn.sentences]
['Molecule', 'Molecule', 'Molecule', 'Molecule']

or with a `generate` of your own, greedy, sampling, beams or assisted. A prompt may hold the
beginning of the sentence, here of a carboxylic acid; `<bos>` comes before it, and padding is on the
left:

>>> from logos_grammar.serving.transformers import GrammarLogitsProcessor
>>> acid = lg.encode(lg.molecule.Molecule.from_smiles("OC(=O)C")).tolist()[:-2]
>>> prompt = torch.tensor([[1, *acid]])
>>> processor = GrammarLogitsProcessor("molecule", max_length=prompt.shape[1] + 8, with_log=True)
>>> rows = model.generate(
...     prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=8, num_beams=3,
...     eos_token_id=2, pad_token_id=0, logits_processor=[processor],
... )
>>> lg.decode(processor.sentence_of(rows[0])).to_smiles().startswith("OC(=O)")
True
>>> removed = -torch.tensor(processor.log_kept(rows[0], prompt_length=prompt.shape[1])).expm1()
>>> bool((removed > 0.5).all())  # the mask takes most from a model that has learnt nothing
True

What comes before the sentence, such as a condition, is told by `context` or `begin_id`. Masking
changes the distribution (it renormalises at each step): :meth:`log_kept` says by how much.

**vLLM**: the class is named when the engine starts, and a request opts in by `extra_args`::

    from logos_grammar.serving import request
    llm = LLM(model, logits_processors=["logos_grammar.serving.vllm:GrammarLogitsProcessor"])
    terms = request("molecule", prompt_ids=[1], max_new_tokens=64)
    llm.generate({"prompt_token_ids": [1]},
                 SamplingParams(max_tokens=64, extra_args={"logos_grammar": terms}))

**SGLang**: the server is started through this package, and a request opts in by `ebnf`::

    python -m logos_grammar.serving.sglang --model-path ... --grammar-backend logos

    terms = request("molecule", prompt_ids=[1], max_new_tokens=64)
    post("/generate", json={"input_ids": [1],
                            "sampling_params": {"max_new_tokens": 64, "ebnf": terms}})

:func:`request` refuses here what cannot finish; a running engine could only end it at once. In both
a kind alone ("molecule", or "any") will do as well: vLLM then finds the sentence in the prompt and
the limit in the parameters, and SGLang, which shows neither to a grammar, begins with the output
and has no limit.

Other than by its length, an output can be cut short by stop strings, by a deadline or by hand; then
it is not a sentence.
"""

from logos_grammar.serving.terms import Terms, read_terms, request

__all__ = ["Terms", "read_terms", "request"]
