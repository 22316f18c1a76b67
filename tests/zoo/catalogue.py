"""Functional and Sequential models by name, of the zoo and of Keras."""

import keras

from zoo import first, shapes

APPLICATIONS = {
    "ResNet50": lambda: keras.applications.ResNet50(weights=None),
    "MobileNetV3Small": lambda: keras.applications.MobileNetV3Small(weights=None),
    "EfficientNetB0": lambda: keras.applications.EfficientNetB0(weights=None),
}
MODELS = (
    {
        # In raw TensorFlow.
        **({"custom": first.custom} if keras.config.backend() == "tensorflow" else {}),
    }
    | {
        function.__name__: function
        for function in (
            first.mlp,
            first.branches,
            shapes.shared,
            shapes.operations,
            shapes.nested,
            shapes.dictionaries,
            shapes.attention,
            shapes.awkward,
            shapes.frozen,
        )
    }
    | APPLICATIONS
)


def build(name):
    """Build a model as the worker does: names from the start, no weights."""
    keras.utils.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        return MODELS[name]()
