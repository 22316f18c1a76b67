"""Keras's own classes whose operations aren't counted, and why not.

A new class of Keras's that is neither here nor in another table is unknown, too; a test tells.
"""

from __future__ import annotations

_DATA = "how many steps it takes depends on the data"
_ITERATES = "iterates until it converges"
_FLOW = "how often what is inside runs isn't known"
_OTHERS = "runs code of another library"
_GRID = "how many neighbours it weighs depends on its arguments"
_WINDOWS = "cuts windows and transforms them, by its arguments"
_WRAPPER = "what it wraps is counted, where that is known"

LAYERS = {
    **dict.fromkeys(("FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper"), _OTHERS),
    **dict.fromkeys(("Bidirectional", "RNN", "StackedRNNCells", "TimeDistributed"), _WRAPPER),
    **dict.fromkeys(("Wrapper", "SpectralNormalization", "Lambda", "Layer", "Pipeline"), _WRAPPER),
    **dict.fromkeys(("STFTSpectrogram", "MelSpectrogram"), _WINDOWS),
    "ContrastLimitedAdaptiveHistogramEqualization": _DATA,
    "Discretization": _DATA,
}
OPERATIONS = {
    **dict.fromkeys(
        ("Cond", "ForiLoop", "Map", "Scan", "AssociativeScan", "Switch", "VectorizedMap"), _FLOW
    ),
    **dict.fromkeys(("WhileLoop", "Function", "JVP"), _FLOW),
    **dict.fromkeys(("SVD", "Eig", "Eigh", "Lstsq", "MatrixRank", "Pinv"), _ITERATES),
    **dict.fromkeys(("Sort", "Argsort", "Argpartition", "TopK", "InTopK", "Unique"), _DATA),
    **dict.fromkeys(("Median", "Percentile", "Quantile", "Nanmedian", "Nanpercentile"), _DATA),
    **dict.fromkeys(("Nanquantile", "SearchSorted", "Digitize", "Bincount", "Histogram"), _DATA),
    **dict.fromkeys(("IsIn", "CTCLoss", "CTCDecode", "RGBToHSV", "HSVToRGB", "Sparsemax"), _DATA),
    **dict.fromkeys(("AffineTransform", "ElasticTransform", "MapCoordinates"), _GRID),
    **dict.fromkeys(("PerspectiveTransform", "ScaleAndTranslate", "GaussianBlur", "SSIM"), _GRID),
    **dict.fromkeys(("STFT", "ISTFT", "Fold", "Correlate", "Corrcoef", "Vander"), _WINDOWS),
}
