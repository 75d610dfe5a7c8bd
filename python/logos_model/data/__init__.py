"""From shards on disk to the passes of a step: `logos_model.data.steps.Data` is where to begin.

* shards, manifest, corpus: files, what they say of themselves, documents numbered through;
* division, changes: what is trained on, and what becomes of a document on the way;
* rows, sources, steps: packed rows of one source, all sources, and the slices of ranks;
* ahead: the thread that fetches;
* dataset: sentences for other trainers, such as that of transformers.
"""
