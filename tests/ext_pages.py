"""The pages of the project of real models."""

PAGES = {
    "mlp": """
.. keras-model:: zoo.first.mlp
   :show-shapes:
   :show-layer-names:
   :caption: A multilayer *perceptron*.
   :name: fig-mlp
   :class: wide special
""",
    "branches": """
.. keras-model:: zoo.first:branches
   :show-shapes:
   :name: two-branches
   :align: right
   :alt: Two <branches> & "more"
""",
    "custom": """
.. keras-model:: zoo.first.custom()
   :show-params: yes
""",
    "resnet50": """
.. keras-model:: keras.applications.ResNet50(weights=None)
   :view: full
   :rankdir: LR
""",
    "mobilenet": """
.. keras-model:: keras.applications.MobileNetV3Small(
       weights=None)
   :view: full
   :caption: A deep one.
""",
    "efficientnet": """
.. keras-model:: keras.applications.EfficientNetB0(weights=None)
   :view: full
   :show-shapes:
""",
    "overview": """
.. keras-model:: keras.applications.MobileNetV2(weights=None)
   :caption: Folded, fused, and in columns.
""",
    "nested": """
.. keras-model:: zoo.shapes.nested
   :expand-nested:

.. keras-model:: zoo.shapes.awkward
   :show-shapes:

.. keras-model:: zoo.shapes.unbuilt
   :input-shape: (7,)

.. keras-model:: zoo.shapes.Net(units=5)
   :input-shape: (3,)

.. keras-model:: zoo.shapes.needs_weights
""",
}
INDEX = """
Models
======

See :ref:`fig-mlp`.

.. toctree::

""" + "".join(f"   {name}\n" for name in PAGES)
