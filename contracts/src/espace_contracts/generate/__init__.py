"""The published form of the contracts, made from the models and the topics: JSON Schemas and AsyncAPI."""
