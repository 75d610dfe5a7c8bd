"""The grammar as data: its rules, the rule of each token of a sentence, other notations."""
