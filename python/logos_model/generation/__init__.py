"""Drawing sentences from a model: `logos_model.generation.slots.draw` is where to begin.

* forward: one step of the decoder for sequences of different lengths, keys and values kept;
* choice: one of each row's allowed ids, on the processor;
* slots: sequences side by side, those that end replaced by the next.

What a sample begins with is `logos_grammar.prompt`, what it is written as
`logos_grammar.formats.written`.
"""
