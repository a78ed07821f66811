"""The layers of marks, in the order in which tables, exports and metrics list them."""

from __future__ import annotations

from corpus_tools.layers import claims, names, places, quantities, quotes, times

LAYERS = (quotes.LAYER, times.LAYER, quantities.LAYER, names.LAYER, places.LAYER, claims.LAYER)
BY_NAME = {layer.name: layer for layer in LAYERS}
