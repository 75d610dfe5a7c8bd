"""Serving: transformers as installed, and the interfaces of vLLM and SGLang without them."""
