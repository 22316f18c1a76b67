"""Classes whose calls take no floating-point operation in inference."""

from __future__ import annotations

from sphinxcontrib_kerasgraph.graph import SOURCES, CallKind

#: Of calls of these kinds.
KINDS = frozenset({*SOURCES, CallKind.EMBEDDING})

LAYERS = frozenset(
    {
        # They move data.
        *("Concatenate", "Reshape", "Flatten", "Permute", "RepeatVector", "Identity", "Masking"),
        *("Cropping1D", "Cropping2D", "Cropping3D", "ZeroPadding1D", "ZeroPadding2D"),
        *("ZeroPadding3D", "UpSampling1D", "UpSampling3D", "InputLayer", "Embedding"),
        # They do nothing in inference.
        *("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout"),
        *("GaussianDropout", "GaussianNoise", "ActivityRegularization", "AugMix", "CutMix"),
        *("MixUp", "RandAugment", "Equalization", "Solarization", "MaxNumBoundingBoxes"),
        *("RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast"),
        *("RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur"),
        *("RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective", "RandomZoom"),
        *("RandomPosterization", "RandomRotation", "RandomSaturation", "RandomSharpness"),
        *("RandomShear", "RandomTranslation", "RandomHeight", "RandomWidth"),
        "StochasticDepth",  # of keras.applications' ConvNeXt
        # They look up text and whole numbers.
        *("StringLookup", "IntegerLookup", "Hashing", "HashedCrossing", "TextVectorization"),
        "CategoryEncoding",
    }
)
OPERATIONS = frozenset(
    {
        # They move data.
        *("GetItem", "Transpose", "Squeeze", "ExpandDims", "Ravel", "Swapaxes", "Moveaxis"),
        *("Repeat", "Tile", "Pad", "Flip", "Fliplr", "Flipud", "Roll", "Rot90", "Split", "Take"),
        *("TakeAlongAxis", "BroadcastTo", "Unstack", "Slice", "SliceUpdate", "Stack", "Reshape"),
        *("Concatenate", "Append", "Hstack", "Vstack", "Dstack", "Hsplit", "Vsplit", "Dsplit"),
        *("ArraySplit", "Diag", "Diagflat", "Diagonal", "Tril", "Triu", "Meshgrid", "Rearrange"),
        *("Unfold", "DepthToSpace", "SpaceToDepth", "ExtractSequences", "ExtractPatches"),
        *("CropImages", "PadImages", "Scatter", "ScatterUpdate", "Copy", "View", "Select"),
        *("Cast", "SaturateCast", "ConvertToTensor", "Array", "StopGradient", "Real", "Imag"),
        *("Conj", "Conjugate", "ViewAsComplex", "ViewAsReal", "Identity", "Dropout"),
        # They make what is known beforehand, or tell of shapes.
        *("Arange", "Linspace", "Logspace", "Geomspace", "Full", "FullLike", "OnesLike"),
        *("Empty", "Eye", "Ones", "Tri", "Zeros"),
        *("ZerosLike", "EmptyLike", "Ndim", "Size", "Shape", "Constant", "Weight"),
        # They compute with truth values and whole numbers.
        *("LogicalAnd", "LogicalNot", "LogicalOr", "LogicalXor", "All", "Any", "Isreal"),
        *("BitwiseAnd", "BitwiseInvert", "BitwiseNot", "BitwiseOr", "BitwiseXor"),
        *("BitwiseLeftShift", "BitwiseRightShift", "LeftShift", "RightShift", "Gcd", "Lcm"),
        *("OneHot", "MultiHot", "UnravelIndex", "Nonzero"),
        # It is told, and computed in training alone.
        "add_loss",
    }
)
