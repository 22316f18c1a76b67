"""What steps may do beside what tutorials do, and what is said of those that aren't drawn."""

from __future__ import annotations

import keras
import numpy as np
import pytest

if keras.config.backend() != "tensorflow":
    pytest.skip("Keras runs on another backend", allow_module_level=True)

import tensorflow as tf
from keras import layers, ops

from graph_text import expected
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.extract.extraction import target_to_graph
from sphinxcontrib_kerasgraph.faults import COMMAND, SPHINX, Fault
from sphinxcontrib_kerasgraph.graph import CallKind, Tensor
from sphinxcontrib_kerasgraph.target import Target
from sphinxcontrib_kerasgraph.view.raw_operations import with_raw_operations
from zoo import training
from zoo_checks import outline

BATCH = [(6,), (1,)]


class Held(keras.Model):
    """A model of two layers, whose subclasses train it in some way."""

    def __init__(self):
        super().__init__(name="held")
        self.hidden = layers.Dense(4, name="hidden")
        self.head = layers.Dense(1, name="head")

    def call(self, x):
        return self.head(self.hidden(x))


def step(model, shape=BATCH, dtype=None):
    graph = model_to_graph(model, shape, dtype, trace="train_step")
    assert graph.opaque is None
    return outline(with_raw_operations(graph).graph)


def fault(model, shape=BATCH):
    with pytest.raises(ValueError) as caught:
        model_to_graph(model, shape, trace="train_step")
    assert isinstance(caught.value.__cause__, Fault)
    return caught.value.__cause__


# Losses


def test_several_losses_by_one_tape():
    """One that is an expression has no name; one of which two gradients are taken goes out once."""

    class Trained(Held):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape(persistent=True) as tape:
                made = self(x)
                first = keras.losses.mean_squared_error(y, made)
                second = keras.losses.mean_absolute_error(y, made)
            tape.gradient([first, second], self.trainable_weights)
            tape.gradient(first, self.head.trainable_weights)
            tape.gradient(first * 2.0, self.head.trainable_weights)
            return {}

    assert step(Trained()) == expected("""
        x InputLayer
        y InputLayer
        held Trained <- x
        mean_squared_error mean_squared_error <- y, held
        mean_absolute_error mean_absolute_error <- y, held
        first Loss <- mean_squared_error
        second Loss <- mean_absolute_error
        multiply Multiply <- mean_squared_error
        loss Loss <- multiply
        -> first, second, loss
    """)


def test_changed_gradients_are_not_drawn():
    """Clipped, summed up and logged: the loss leaves the step before."""

    class Trained(Held):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(y - self(x)))
            gradients = tape.gradient(loss, self.trainable_weights)
            norm = tf.linalg.global_norm(gradients)
            gradients, _ = tf.clip_by_global_norm(gradients, 1.0)
            gradients = [gradient / 2 for gradient in gradients]
            self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
            return {"loss": loss, "norm": norm}

    assert step(Trained()) == expected("""
        x InputLayer
        y InputLayer
        held Trained <- x
        subtract Subtract <- y, held
        loss Loss <- subtract
        -> loss
    """)


def test_inner_loop():
    """A gradient by weights that is computed with takes them, as what it is taken by."""

    class Trained(Held):
        def train_step(self, data):
            x, y = data
            self.head.build((None, 4))
            kernel = self.head.kernel
            hidden = self.hidden(x)
            with tf.GradientTape() as outer:
                with tf.GradientTape() as inner:
                    inner_loss = keras.losses.mean_squared_error(y, self.head(hidden))
                changed = kernel - 0.1 * inner.gradient(inner_loss, kernel)
                loss = keras.losses.mean_squared_error(y, tf.matmul(hidden, changed))
            outer.gradient(loss, self.trainable_weights)
            return {}

    text = step(Trained())
    assert text == expected("""
        x InputLayer
        y InputLayer
        kernel Weight
        hidden Dense <- x
        head Dense <- hidden
        mean_squared_error mean_squared_error <- y, head
        inner_loss Loss <- mean_squared_error
        gradient Gradient <- mean_squared_error, kernel
        multiply Multiply <- gradient
        subtract Subtract <- kernel, multiply
        matmul matmul <- hidden, subtract
        mean_squared_error_1 mean_squared_error <- y, matmul
        loss Loss <- mean_squared_error_1
        -> inner_loss, loss
    """)


@pytest.mark.parametrize(
    ("method", "shape"),
    [("gradient", (None, 6)), ("jacobian", (None, 1, None, 6)), ("batch_jacobian", (None, 1, 6))],
)
def test_gradients_by_data(method, shape):
    class Trained(Held):
        def train_step(self, x):
            with tf.GradientTape() as outer:
                with tf.GradientTape() as tape:
                    tape.watch(x)
                    made = self(x)
                slope = getattr(tape, method)(made, x)
                loss = tf.reduce_mean(slope * slope)
            outer.gradient(loss, self.trainable_weights)
            return {"loss": loss}

    graph = model_to_graph(Trained(), (6,), trace="train_step").graph
    gradient = graph[method]
    assert gradient.class_name == "".join(word.title() for word in method.split("_"))
    assert gradient.outputs == (Tensor(shape, "float32"),)
    assert [edge.argument for edge in graph.edges_into[gradient.id]] == ["target", "sources"]


class Perceptual(keras.losses.Loss):
    """A loss in which a layer is called."""

    def __init__(self, features):
        super().__init__(name="perceptual")
        self.features = features

    def call(self, y_true, y_pred):
        return ops.mean(ops.square(self.features(y_true) - self.features(y_pred)), axis=-1)


class Plain(keras.losses.Loss):
    """A loss of the author's."""

    def call(self, y_true, y_pred):
        return ops.mean(ops.abs(y_true - y_pred), axis=-1)


def _with_loss(loss):
    class Trained(Held):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                total = loss(y, self(x))
            self.optimizer.apply_gradients(
                zip(
                    tape.gradient(total, self.trainable_weights),
                    self.trainable_weights,
                    strict=True,
                )
            )
            return {}

    return Trained()


def test_loss_of_the_author():
    graph = model_to_graph(_with_loss(Plain()), BATCH, trace="train_step").graph
    assert outline(graph) == expected("""
        x InputLayer
        y InputLayer
        held Trained <- x
        plain Plain <- y, held
        total Loss <- plain
        -> total
    """)
    assert graph["plain"].kind == CallKind.LOSS
    assert graph["plain"].body is None


def test_layers_in_a_loss():
    """None is lost: they are inside the loss's box, and called twice there."""
    features = layers.Dense(3, name="features")
    graph = model_to_graph(_with_loss(Perceptual(features)), BATCH, trace="train_step").graph
    body = graph["perceptual"].body
    assert outline(graph) == expected("""
        x InputLayer
        y InputLayer
        held Trained <- x
        perceptual Perceptual <- y, held
        total Loss <- perceptual
        -> total
    """)
    # Then Keras takes the mean, in one way or another.
    assert outline(body).startswith(
        expected("""
        features Dense <- ^
        features#2 Dense <- ^1
        subtract Subtract <- features, features#2
        square Square <- subtract
        mean Mean <- square
    """)
    )


def test_several_compiled_losses():
    """Each is a box. Keras weights them in raw TensorFlow, of which only what joins is drawn."""

    class Trained(keras.Model):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = self.compute_loss(y=y, y_pred=self(x, training=True))
            self.optimizer.apply(
                tape.gradient(loss, self.trainable_weights), self.trainable_weights
            )
            return self.compute_metrics(x, y, None)

    x = keras.Input((6,), name="x")
    made = Trained(x, [layers.Dense(2, name="left")(x), layers.Dense(1, name="right")(x)], name="m")
    made.compile("adam", ["mse", keras.losses.Huber()], loss_weights=[1.0, 0.5])
    assert step(made, [(6,), [(2,), (1,)]]) == expected("""
        x InputLayer
        y_0 InputLayer
        y_1 InputLayer
        m Trained <- x
        mean_squared_error mean_squared_error <- y_0, m
        huber Huber <- y_1, m:1
        add Add <- mean_squared_error, huber
        loss Loss <- add
        -> loss
    """)


class Divergence(layers.Layer):
    """A layer that adds a loss."""

    def call(self, x):
        self.add_loss(ops.mean(ops.square(x)))
        return x * 2


def test_losses_that_layers_add():
    """They leave the blocks that they are added in; regularizers are told of."""

    class Trained(keras.Model):
        def __init__(self):
            super().__init__(name="held")
            self.encoder = keras.Sequential(
                [layers.Dense(2, name="to"), Divergence(name="d")], name="encoder"
            )
            self.decoder = layers.Dense(6, name="decoder", kernel_regularizer="l2")

        def train_step(self, x):
            with tf.GradientTape() as tape:
                loss = keras.losses.mean_squared_error(x, self.decoder(self.encoder(x)))
                loss += sum(self.losses)
            tape.gradient(loss, self.trainable_weights)
            return {}

    model = Trained()
    graph = model_to_graph(model, (6,), trace="train_step").graph
    assert outline(graph) == expected("""
        x InputLayer
        encoder Sequential <- x
        decoder Dense <- encoder
        mean_squared_error mean_squared_error <- x, decoder
        losses losses <- encoder:1
        add Add <- mean_squared_error, losses
        loss Loss <- add
        -> loss
    """)
    encoder = graph["encoder"]
    assert encoder.opaque is None
    assert [tensor.shape for tensor in encoder.outputs] == [(None, 2), ()]
    assert outline(encoder.body).splitlines()[-1] == "-> d, d:1"
    assert outline(encoder.body["d"].body) == expected("""
        square Square <- ^
        mean Mean <- square
        add_loss add_loss <- mean
        multiply Multiply <- ^
        -> multiply, add_loss
    """)
    assert dict(graph["losses"].constants) == {"regularized_weights": "1"}


def test_regularizers_of_a_compiled_model():
    x = keras.Input((6,), name="x")
    made = keras.Model(x, layers.Dense(1, kernel_regularizer="l2", name="head")(x), name="plain")
    made.compile("adam", "mse")
    assert step(made) == expected("""
        x InputLayer
        y InputLayer
        plain Functional <- x
        mean_squared_error mean_squared_error <- y, plain
        losses losses
        stack stack <- mean_squared_error, losses
        loss Loss <- stack
        -> loss
    """)


# Other steps


def test_step_of_keras():
    """The one that a model has by itself: it calls the model, and what was compiled."""
    x = keras.Input((6,), name="x")
    made = keras.Model(x, layers.Dense(1, name="head")(x), name="plain")
    made.compile("adam", "mse")
    assert step(made) == expected("""
        x InputLayer
        y InputLayer
        plain Functional <- x
        mean_squared_error mean_squared_error <- y, plain
        loss Loss <- mean_squared_error
        -> loss
    """)


def test_step_in_a_tf_function_that_asks_its_base():
    class Trained(Held):
        @tf.function
        def train_step(self, data):
            return super().train_step(data)

    made = Trained()
    made.compile("adam", keras.losses.MeanSquaredError())
    assert step(made, [(6,), (1,), ()]) == expected("""
        data_0 InputLayer
        data_1 InputLayer
        data_2 InputLayer
        held Trained <- data_0
        mean_squared_error MeanSquaredError <- data_1, held, data_2
        loss Loss <- mean_squared_error
        -> loss
    """)


def test_step_that_takes_each_tensor():
    """As one that the author's own loop calls."""

    class Trained(Held):
        def train_step(self, image, label):
            with tf.GradientTape() as tape:
                loss = keras.losses.mean_squared_error(label, self(image))
            tape.gradient(loss, self.trainable_weights)
            return loss

    assert step(Trained()) == expected("""
        image InputLayer
        label InputLayer
        held Trained <- image
        mean_squared_error mean_squared_error <- label, held
        loss Loss <- mean_squared_error
        -> loss
    """)


def test_loss_that_the_model_computes_itself():
    """In the step of Keras: as distillation is written since Keras 3."""

    class Distiller(keras.Model):
        def __init__(self):
            super().__init__(name="distiller")
            self.student = training.classifier(2, "student")
            self.teacher = training.classifier(8, "teacher")
            self.loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

        def call(self, x):
            return self.student(x)

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            teacher_pred = self.teacher(x, training=False)
            likeness = keras.losses.kl_divergence(
                ops.softmax(teacher_pred, axis=1), ops.softmax(y_pred, axis=1)
            )
            return 0.1 * self.loss_fn(y, y_pred) + 0.9 * ops.mean(likeness)

    model = Distiller()
    model.compile("adam", metrics=[keras.metrics.SparseCategoricalAccuracy()])
    assert step(model, [(8, 8, 1), ()], ["float32", "int32"]) == expected("""
        x InputLayer
        y InputLayer
        distiller Distiller <- x
        teacher Sequential <- x
        softmax Softmax <- teacher
        softmax_1 Softmax <- distiller
        kl_divergence kl_divergence <- softmax, softmax_1
        sparse_categorical_crossentropy SparseCategoricalCrossentropy <- y, distiller
        multiply Multiply <- sparse_categorical_crossentropy
        mean Mean <- kl_divergence
        multiply_1 Multiply <- mean
        add Add <- multiply, multiply_1
        loss Loss <- add
        -> loss
    """)


def test_counters_and_control_flow():
    """A variable of TensorFlow's is no data; a loss in a branch is a box there."""

    class Trained(Held):
        def __init__(self):
            super().__init__()
            self.counter = tf.Variable(0)

        def train_step(self, data):
            x, y = data
            self.counter.assign_add(1)
            with tf.GradientTape() as tape:
                made = self(x)
                loss = tf.cond(
                    tf.reduce_any(y > 0.0),
                    lambda: keras.losses.mean_squared_error(y, made),
                    lambda: keras.losses.mean_absolute_error(y, made),
                )
            tape.gradient(loss, self.trainable_weights)
            return {"loss": loss, "accuracy": keras.metrics.binary_accuracy(y, made)}

    graph = model_to_graph(Trained(), BATCH, trace="train_step").graph
    assert [graph[port.call].name for port in graph.outputs] == ["loss"]
    branches = graph["cond"].body
    assert outline(branches["true_fn"].body) == expected("""
        mean_squared_error mean_squared_error <- ^, ^1
        -> mean_squared_error
    """)
    assert outline(branches["false_fn"].body) == expected("""
        mean_absolute_error mean_absolute_error <- ^, ^1
        -> mean_absolute_error
    """)


def test_data_in_a_dict():
    class Trained(Held):
        def train_step(self, batch):
            with tf.GradientTape() as tape:
                loss = keras.losses.mean_squared_error(batch["label"], self(batch["image"]))
            tape.gradient(loss, self.trainable_weights)
            return {}

    assert step(Trained(), {"label": (1,), "image": (6,)}) == expected("""
        image InputLayer
        label InputLayer
        held Trained <- image
        mean_squared_error mean_squared_error <- label, held
        loss Loss <- mean_squared_error
        -> loss
    """)


def test_names_of_data():
    """Those of the arguments of Keras, and such as are there twice, get others."""

    class Trained(Held):
        def train_step(self, data):
            (mask, _), mask_data = data
            with tf.GradientTape() as tape:
                loss = keras.losses.mean_squared_error(mask_data, self(mask))
            tape.gradient(loss, self.trainable_weights)
            return {}

    assert step(Trained(), [[(6,), ()], (1,)]) == expected("""
        mask_data InputLayer
        data_0_1 InputLayer
        mask_data_2 InputLayer
        held Trained <- mask_data
        mean_squared_error mean_squared_error <- mask_data_2, held
        loss Loss <- mean_squared_error
        -> loss
    """)


def test_step_without_a_loss():
    """What it returns goes out then."""

    class Trained(Held):
        def train_step(self, x):
            return {"made": self(x)}

    assert step(Trained(), (6,)) == expected("""
        x InputLayer
        held Trained <- x
        -> held
    """)


def test_nothing_is_changed():
    keras.utils.clear_session()
    model = training.gan()
    optimizer = model.d_optimizer
    model.generator.build((None, 8))
    before = [ops.convert_to_numpy(weight) for weight in model.weights]
    names = set(vars(model))
    methods = tf.GradientTape.gradient, keras.Loss.__call__, tf.random.normal, type(optimizer).apply
    model_to_graph(model, (8, 8, 1), trace="train_step")
    after = [ops.convert_to_numpy(weight) for weight in model.weights]
    assert all(np.array_equal(*pair) for pair in zip(before, after, strict=True))
    assert set(vars(model)) == names
    assert not optimizer.built
    assert methods == (
        tf.GradientTape.gradient,
        keras.Loss.__call__,
        tf.random.normal,
        type(optimizer).apply,
    )


def test_model_as_a_page_names_it():
    """Made without weights."""
    calling = Calling(input_shape=(8, 8, 1), trace="train_step")
    graph = target_to_graph(Target.parse("zoo.training.gan"), calling)
    keras.utils.clear_session()
    other = model_to_graph(training.gan(), (8, 8, 1), trace="train_step")
    assert graph == other


# What isn't drawn


def test_optimizer_of_a_model_that_was_not_compiled():
    """It is no part of the picture, and is not missed."""
    keras.utils.clear_session()
    compiled = step(training.vae(), (8, 8, 1))
    keras.utils.clear_session()
    model = training.uncompiled_vae()
    assert step(model, (8, 8, 1)) == compiled
    assert not hasattr(model, "optimizer") or model.optimizer is None
    assert "optimizer" not in vars(type(model))


def test_loss_of_a_model_that_was_not_compiled():
    told = fault(training.uncompiled_gan(), (8, 8, 1))
    assert told.message == (
        "The 'train_step' of 'gan' uses self.loss_fn, which isn't set, since the model isn't "
        "compiled."
    )
    assert told.told(SPHINX).endswith(
        "Compile the model in the function that makes it, with its losses: name that function as "
        "the model."
    )


def test_attribute_that_a_compiled_model_lacks():
    """That is a fault of its code."""

    class Trained(Held):
        def train_step(self, x):
            return self.optimiser.apply_gradients([])

    model = Trained()
    model.compile("adam")
    assert "has no attribute 'optimiser'" in fault(model, (6,)).message
    assert "compile" not in fault(model, (6,)).advice.lower()


def test_step_of_keras_without_a_loss():
    x = keras.Input((6,))
    told = fault(keras.Model(x, layers.Dense(1)(x), name="plain"))
    assert told.message.startswith("The 'train_step' of 'plain' is Keras's own, which calls")
    assert "Compile the model" in told.advice


def test_shapes_are_missing():
    told = fault(training.cycle_gan(), None)
    assert told.message == (
        "The shapes of the data that the 'train_step' of 'cycle_gan' takes aren't known."
    )
    assert told.told(SPHINX).endswith(
        "Give them without the batch dimension: ':input-shape: [(28, 28, 1), ()]' for "
        "'real_x, real_y'."
    )
    assert "--input-shape '(28, 28, 1)'" in fault(training.gan(), None).told(COMMAND)


def test_wrong_shapes():
    told = fault(training.gan(), (7, 7, 1))
    assert told.message.startswith(
        "The 'train_step' of 'gan' can't be called with the input shape (7, 7, 1): "
    )
    assert told.advice.endswith("the input dtype, and the 'train_step' of the model.")


def test_form_of_dtypes():
    with pytest.raises(
        ValueError, match=r"The input dtype \['int32'\] has nothing for the input 1"
    ):
        model_to_graph(training.cycle_gan(), BATCH, ["int32"], trace="train_step")
    with pytest.raises(ValueError, match=r"The input dtype .* is for several inputs, the shape is"):
        model_to_graph(training.gan(), (8, 8, 1), ["int32"], trace="train_step")


def test_layers_have_no_step():
    told = fault(layers.Dense(2), (3,))
    assert told.message == "Dense is no keras.Model, and has no 'train_step'."


def test_other_backends(monkeypatch):
    monkeypatch.setattr(keras.config, "backend", lambda: "jax")
    told = fault(training.gan(), (8, 8, 1))
    assert "drawn with TensorFlow" in told.message
    assert "KERAS_BACKEND" in told.told(SPHINX)


def test_parts_whose_shapes_are_not_known_lead_to_the_step():
    class Trainer(keras.Model):
        def __init__(self):
            super().__init__(name="trainer")
            self.encoder = keras.Sequential([layers.Dense(2)], name="encoder")

        def train_step(self, data):
            return {}

    with pytest.raises(ValueError) as caught:
        model_to_graph(Trainer())
    told = caught.value.__cause__.told(SPHINX)
    assert '{"encoder": (…)}' in told
    assert "':trace: train_step'" in told


def test_one_tensor_for_several():
    class Trained(Held):
        def train_step(self, data):
            first, second = data
            with tf.GradientTape() as tape:
                loss = ops.mean(self(first) - self(second))
            tape.gradient(loss, self.trainable_weights)
            return {"loss": loss}

    graph = model_to_graph(Trained(), (6,), trace="train_step")
    assert "takes several tensors apart, by 'first, second = data'" in (graph.opaque or "")
    assert "give it a list of input shapes" in (graph.opaque or "")


def test_the_loss_of_a_model_that_is_not_compiled():
    class Trained(Held):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = self.loss(y, self(x))
            tape.gradient(loss, self.trainable_weights)
            return {"loss": loss}

    told = fault(Trained())
    assert "uses self.loss, which isn't set, since the model isn't compiled" in told.message
    assert "Compile the model" in told.advice
