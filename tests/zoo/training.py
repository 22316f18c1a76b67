"""Models that train others in a ``train_step`` of their own, most of them without a ``call``."""

import math

import keras
import tensorflow as tf
from keras import layers, ops


def image_generator(latent_dim=8, name="generator"):
    """Vectors to small images."""
    return keras.Sequential(
        [
            keras.Input(shape=(latent_dim,)),
            layers.Dense(4 * 4 * 8),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((4, 4, 8)),
            layers.Conv2DTranspose(4, 4, strides=2, padding="same"),
            layers.Conv2D(1, 5, padding="same", activation="sigmoid"),
        ],
        name=name,
    )


def image_discriminator(channels=1, name="discriminator"):
    """Small images to one logit."""
    return keras.Sequential(
        [
            keras.Input(shape=(8, 8, channels)),
            layers.Conv2D(4, 3, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.GlobalMaxPooling2D(),
            layers.Dense(1),
        ],
        name=name,
    )


class Gan(keras.Model):
    """A generator against a discriminator."""

    def __init__(self, discriminator, generator, latent_dim, **kwargs):
        super().__init__(**kwargs)
        self.discriminator = discriminator
        self.generator = generator
        self.latent_dim = latent_dim
        self.d_loss_tracker = keras.metrics.Mean(name="d_loss")
        self.g_loss_tracker = keras.metrics.Mean(name="g_loss")

    @property
    def metrics(self):
        """What is told of an epoch."""
        return [self.d_loss_tracker, self.g_loss_tracker]

    def compile(self, d_optimizer, g_optimizer, loss_fn):
        """An optimizer for each, one loss for both."""
        super().compile()
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer
        self.loss_fn = loss_fn

    def train_step(self, real_images):
        """Train the discriminator, then the generator."""
        batch_size = tf.shape(real_images)[0]
        latent_vectors = tf.random.normal(shape=(batch_size, self.latent_dim))
        generated_images = self.generator(latent_vectors)
        combined_images = tf.concat([generated_images, real_images], axis=0)
        labels = tf.concat([tf.ones((batch_size, 1)), tf.zeros((batch_size, 1))], axis=0)
        labels += 0.05 * tf.random.uniform(tf.shape(labels))
        with tf.GradientTape() as tape:
            predictions = self.discriminator(combined_images)
            d_loss = self.loss_fn(labels, predictions)
        grads = tape.gradient(d_loss, self.discriminator.trainable_weights)
        self.d_optimizer.apply_gradients(
            zip(grads, self.discriminator.trainable_weights, strict=True)
        )

        latent_vectors = tf.random.normal(shape=(batch_size, self.latent_dim))
        misleading_labels = tf.zeros((batch_size, 1))
        with tf.GradientTape() as tape:
            predictions = self.discriminator(self.generator(latent_vectors))
            g_loss = self.loss_fn(misleading_labels, predictions)
        grads = tape.gradient(g_loss, self.generator.trainable_weights)
        self.g_optimizer.apply_gradients(zip(grads, self.generator.trainable_weights, strict=True))

        self.d_loss_tracker.update_state(d_loss)
        self.g_loss_tracker.update_state(g_loss)
        return {"d_loss": self.d_loss_tracker.result(), "g_loss": self.g_loss_tracker.result()}


def gan():
    """A compiled `Gan`."""
    model = Gan(image_discriminator(), image_generator(), latent_dim=8, name="gan")
    model.compile(
        d_optimizer=keras.optimizers.Adam(learning_rate=0.0003),
        g_optimizer=keras.optimizers.Adam(learning_rate=0.0003),
        loss_fn=keras.losses.BinaryCrossentropy(from_logits=True),
    )
    return model


def uncompiled_gan():
    """A `Gan` whose loss isn't given."""
    return Gan(image_discriminator(), image_generator(), latent_dim=8, name="gan")


class ConditionalGan(keras.Model):
    """A `Gan` that is told what to generate."""

    def __init__(self, discriminator, generator, latent_dim, classes, **kwargs):
        super().__init__(**kwargs)
        self.discriminator = discriminator
        self.generator = generator
        self.latent_dim = latent_dim
        self.classes = classes
        self.seed_generator = keras.random.SeedGenerator(7)
        self.gen_loss_tracker = keras.metrics.Mean(name="generator_loss")
        self.disc_loss_tracker = keras.metrics.Mean(name="discriminator_loss")

    def compile(self, d_optimizer, g_optimizer, loss_fn):
        """An optimizer for each, one loss for both."""
        super().compile()
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer
        self.loss_fn = loss_fn

    def train_step(self, data):
        """As that of a `Gan`, in `keras.ops`, with the labels as more channels."""
        real_images, one_hot_labels = data
        label_images = one_hot_labels[:, None, None]
        label_images = ops.repeat(label_images, repeats=8 * 8)
        label_images = ops.reshape(label_images, (-1, 8, 8, self.classes))

        batch_size = ops.shape(real_images)[0]
        latent_vectors = keras.random.normal(
            shape=(batch_size, self.latent_dim), seed=self.seed_generator
        )
        vector_labels = ops.concatenate([latent_vectors, one_hot_labels], axis=1)
        generated_images = self.generator(vector_labels)
        fake_and_labels = ops.concatenate([generated_images, label_images], -1)
        real_and_labels = ops.concatenate([real_images, label_images], -1)
        combined_images = ops.concatenate([fake_and_labels, real_and_labels], axis=0)
        labels = ops.concatenate([ops.ones((batch_size, 1)), ops.zeros((batch_size, 1))], axis=0)
        with tf.GradientTape() as tape:
            predictions = self.discriminator(combined_images)
            d_loss = self.loss_fn(labels, predictions)
        grads = tape.gradient(d_loss, self.discriminator.trainable_weights)
        self.d_optimizer.apply_gradients(
            zip(grads, self.discriminator.trainable_weights, strict=True)
        )

        latent_vectors = keras.random.normal(
            shape=(batch_size, self.latent_dim), seed=self.seed_generator
        )
        vector_labels = ops.concatenate([latent_vectors, one_hot_labels], axis=1)
        misleading_labels = ops.zeros((batch_size, 1))
        with tf.GradientTape() as tape:
            fake_images = self.generator(vector_labels)
            fake_and_labels = ops.concatenate([fake_images, label_images], -1)
            predictions = self.discriminator(fake_and_labels)
            g_loss = self.loss_fn(misleading_labels, predictions)
        grads = tape.gradient(g_loss, self.generator.trainable_weights)
        self.g_optimizer.apply_gradients(zip(grads, self.generator.trainable_weights, strict=True))

        self.gen_loss_tracker.update_state(g_loss)
        self.disc_loss_tracker.update_state(d_loss)
        return {
            "g_loss": self.gen_loss_tracker.result(),
            "d_loss": self.disc_loss_tracker.result(),
        }


def conditional_gan():
    """A compiled `ConditionalGan` of three classes."""
    model = ConditionalGan(
        image_discriminator(channels=4), image_generator(11), 8, 3, name="conditional_gan"
    )
    model.compile(
        d_optimizer=keras.optimizers.Adam(),
        g_optimizer=keras.optimizers.Adam(),
        loss_fn=keras.losses.BinaryCrossentropy(from_logits=True),
    )
    return model


def _critic_loss(real, fake):
    return tf.reduce_mean(fake) - tf.reduce_mean(real)


def _wasserstein_generator_loss(fake):
    return -tf.reduce_mean(fake)


class Wgan(keras.Model):
    """A Wasserstein GAN whose critic's gradients are held near one."""

    def __init__(self, discriminator, generator, latent_dim, steps=1, gp_weight=10.0, **kwargs):
        super().__init__(**kwargs)
        self.discriminator = discriminator
        self.generator = generator
        self.latent_dim = latent_dim
        self.d_steps = steps
        self.gp_weight = gp_weight

    def compile(self, d_optimizer, g_optimizer, d_loss_fn, g_loss_fn):
        """Losses are functions."""
        super().compile()
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer
        self.d_loss_fn = d_loss_fn
        self.g_loss_fn = g_loss_fn

    def gradient_penalty(self, batch_size, real_images, fake_images):
        """How far the critic's gradients between two images are from one."""
        alpha = tf.random.uniform([batch_size, 1, 1, 1], 0.0, 1.0)
        interpolated = real_images + alpha * (fake_images - real_images)
        with tf.GradientTape() as gp_tape:
            gp_tape.watch(interpolated)
            pred = self.discriminator(interpolated, training=True)
        grads = gp_tape.gradient(pred, [interpolated])[0]
        norm = tf.sqrt(tf.reduce_sum(tf.square(grads), axis=[1, 2, 3]))
        return tf.reduce_mean((norm - 1.0) ** 2)

    def train_step(self, real_images):
        """Several steps of the critic, one of the generator."""
        if isinstance(real_images, tuple):
            real_images = real_images[0]
        batch_size = tf.shape(real_images)[0]
        for _ in range(self.d_steps):
            latent_vectors = tf.random.normal(shape=(batch_size, self.latent_dim))
            with tf.GradientTape() as tape:
                fake_images = self.generator(latent_vectors, training=True)
                fake_logits = self.discriminator(fake_images, training=True)
                real_logits = self.discriminator(real_images, training=True)
                d_cost = self.d_loss_fn(real_logits, fake_logits)
                gp = self.gradient_penalty(batch_size, real_images, fake_images)
                d_loss = d_cost + gp * self.gp_weight
            d_gradient = tape.gradient(d_loss, self.discriminator.trainable_variables)
            self.d_optimizer.apply_gradients(
                zip(d_gradient, self.discriminator.trainable_variables, strict=True)
            )
        latent_vectors = tf.random.normal(shape=(batch_size, self.latent_dim))
        with tf.GradientTape() as tape:
            generated_images = self.generator(latent_vectors, training=True)
            gen_logits = self.discriminator(generated_images, training=True)
            g_loss = self.g_loss_fn(gen_logits)
        gen_gradient = tape.gradient(g_loss, self.generator.trainable_variables)
        self.g_optimizer.apply_gradients(
            zip(gen_gradient, self.generator.trainable_variables, strict=True)
        )
        return {"d_loss": d_loss, "g_loss": g_loss}


def wgan():
    """A compiled `Wgan`."""
    model = Wgan(image_discriminator(), image_generator(), 8, name="wgan")
    model.compile(
        keras.optimizers.Adam(0.0002, beta_1=0.5),
        keras.optimizers.Adam(0.0002, beta_1=0.5),
        _critic_loss,
        _wasserstein_generator_loss,
    )
    return model


def translator(name):
    """Images to images of the same size."""
    return keras.Sequential(
        [
            keras.Input(shape=(8, 8, 3)),
            layers.Conv2D(4, 3, padding="same", activation="relu"),
            layers.Conv2D(3, 3, padding="same", activation="tanh"),
        ],
        name=name,
    )


class CycleGan(keras.Model):
    """Two generators, there and back, and a discriminator for each side."""

    def __init__(self, generator_g, generator_f, discriminator_x, discriminator_y, **kwargs):
        super().__init__(**kwargs)
        self.gen_g = generator_g
        self.gen_f = generator_f
        self.disc_x = discriminator_x
        self.disc_y = discriminator_y
        self.lambda_cycle = 10.0
        self.lambda_identity = 0.5

    def compile(self, gen_optimizer, disc_optimizer, gen_loss_fn, disc_loss_fn):
        """Two losses; those of cycles and identities are Keras's."""
        super().compile()
        self.gen_optimizer = gen_optimizer
        self.disc_optimizer = disc_optimizer
        self.gen_loss_fn = gen_loss_fn
        self.disc_loss_fn = disc_loss_fn
        self.cycle_loss_fn = keras.losses.MeanAbsoluteError()
        self.identity_loss_fn = keras.losses.MeanAbsoluteError()

    def train_step(self, batch_data):
        """All losses under one tape that is asked twice."""
        real_x, real_y = batch_data
        with tf.GradientTape(persistent=True) as tape:
            fake_y = self.gen_g(real_x, training=True)
            fake_x = self.gen_f(real_y, training=True)
            cycled_x = self.gen_f(fake_y, training=True)
            cycled_y = self.gen_g(fake_x, training=True)
            same_x = self.gen_f(real_x, training=True)
            same_y = self.gen_g(real_y, training=True)

            disc_real_x = self.disc_x(real_x, training=True)
            disc_fake_x = self.disc_x(fake_x, training=True)
            disc_real_y = self.disc_y(real_y, training=True)
            disc_fake_y = self.disc_y(fake_y, training=True)

            gen_g_loss = self.gen_loss_fn(disc_fake_y)
            gen_f_loss = self.gen_loss_fn(disc_fake_x)
            cycle_loss_g = self.cycle_loss_fn(real_y, cycled_y) * self.lambda_cycle
            cycle_loss_f = self.cycle_loss_fn(real_x, cycled_x) * self.lambda_cycle
            id_loss_g = self.identity_loss_fn(real_y, same_y) * self.lambda_identity
            id_loss_f = self.identity_loss_fn(real_x, same_x) * self.lambda_identity
            total_loss_g = gen_g_loss + cycle_loss_g + id_loss_g
            total_loss_f = gen_f_loss + cycle_loss_f + id_loss_f

            disc_x_loss = self.disc_loss_fn(disc_real_x, disc_fake_x)
            disc_y_loss = self.disc_loss_fn(disc_real_y, disc_fake_y)

        grads_g = tape.gradient(total_loss_g, self.gen_g.trainable_variables)
        grads_f = tape.gradient(total_loss_f, self.gen_f.trainable_variables)
        disc_x_grads = tape.gradient(disc_x_loss, self.disc_x.trainable_variables)
        disc_y_grads = tape.gradient(disc_y_loss, self.disc_y.trainable_variables)
        self.gen_optimizer.apply(
            [*grads_g, *grads_f],
            [*self.gen_g.trainable_variables, *self.gen_f.trainable_variables],
        )
        self.disc_optimizer.apply(
            [*disc_x_grads, *disc_y_grads],
            [*self.disc_x.trainable_variables, *self.disc_y.trainable_variables],
        )
        return {
            "G_loss": total_loss_g,
            "F_loss": total_loss_f,
            "D_X_loss": disc_x_loss,
            "D_Y_loss": disc_y_loss,
        }


_adversarial_loss = keras.losses.MeanSquaredError()


def _generator_loss(fake):
    return _adversarial_loss(tf.ones_like(fake), fake)


def _discriminator_loss(real, fake):
    real_loss = _adversarial_loss(tf.ones_like(real), real)
    fake_loss = _adversarial_loss(tf.zeros_like(fake), fake)
    return (real_loss + fake_loss) * 0.5


def cycle_gan():
    """A compiled `CycleGan`."""
    model = CycleGan(
        translator("generator_g"),
        translator("generator_f"),
        image_discriminator(3, "discriminator_x"),
        image_discriminator(3, "discriminator_y"),
        name="cycle_gan",
    )
    model.compile(
        keras.optimizers.Adam(0.0002),
        keras.optimizers.Adam(0.0002),
        _generator_loss,
        _discriminator_loss,
    )
    return model


class Sampling(layers.Layer):
    """Draws a vector of the distribution that two vectors tell of."""

    def call(self, inputs):
        """The mean, and some noise."""
        z_mean, z_log_var = inputs
        epsilon = tf.random.normal(shape=tf.shape(z_mean))
        return z_mean + tf.exp(0.5 * z_log_var) * epsilon


class Vae(keras.Model):
    """A variational autoencoder that is only trained."""

    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder
        self.total_loss_tracker = keras.metrics.Mean(name="total_loss")
        self.reconstruction_loss_tracker = keras.metrics.Mean(name="reconstruction_loss")
        self.kl_loss_tracker = keras.metrics.Mean(name="kl_loss")

    @property
    def metrics(self):
        """What is told of an epoch."""
        return [self.total_loss_tracker, self.reconstruction_loss_tracker, self.kl_loss_tracker]

    def train_step(self, data):
        """The error of the image, and the distance of the distribution."""
        with tf.GradientTape() as tape:
            z_mean, z_log_var, z = self.encoder(data)
            reconstruction = self.decoder(z)
            reconstruction_loss = ops.mean(
                ops.sum(keras.losses.binary_crossentropy(data, reconstruction), axis=(1, 2))
            )
            kl_loss = -0.5 * (1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var))
            kl_loss = ops.mean(ops.sum(kl_loss, axis=1))
            total_loss = reconstruction_loss + kl_loss
        grads = tape.gradient(total_loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(grads, self.trainable_weights, strict=True))
        self.total_loss_tracker.update_state(total_loss)
        self.reconstruction_loss_tracker.update_state(reconstruction_loss)
        self.kl_loss_tracker.update_state(kl_loss)
        return {
            "loss": self.total_loss_tracker.result(),
            "reconstruction_loss": self.reconstruction_loss_tracker.result(),
            "kl_loss": self.kl_loss_tracker.result(),
        }


def vae_parts():
    """The encoder and the decoder."""
    image = keras.Input(shape=(8, 8, 1), name="image")
    x = layers.Conv2D(4, 3, activation="relu", strides=2, padding="same")(image)
    x = layers.Flatten()(x)
    z_mean = layers.Dense(2, name="z_mean")(x)
    z_log_var = layers.Dense(2, name="z_log_var")(x)
    z = Sampling(name="sampling")([z_mean, z_log_var])
    encoder = keras.Model(image, [z_mean, z_log_var, z], name="encoder")
    return encoder, image_generator(2, name="decoder")


def vae():
    """A compiled `Vae`."""
    model = Vae(*vae_parts(), name="vae")
    model.compile(optimizer=keras.optimizers.Adam())
    return model


def uncompiled_vae():
    """A `Vae` without an optimizer, which its picture doesn't need."""
    return Vae(*vae_parts(), name="vae")


def denoiser(name):
    """A noisy image and how noisy it is, to the noise."""
    noisy = keras.Input(shape=(8, 8, 3), name="noisy")
    variance = keras.Input(shape=(1, 1, 1), name="variance")
    embedding = layers.UpSampling2D(size=8, name="spread")(variance)
    x = layers.Conv2D(4, 1, name="begin")(noisy)
    x = layers.Concatenate(name="join")([x, embedding])
    x = layers.Conv2D(4, 3, padding="same", activation="swish", name="middle")(x)
    noise = layers.Conv2D(3, 1, kernel_initializer="zeros", name="end")(x)
    return keras.Model([noisy, variance], noise, name=name)


class Diffusion(keras.Model):
    """A network that tells noise from images, and one that follows it slowly (DDIM)."""

    def __init__(self, ema=0.999, **kwargs):
        super().__init__(**kwargs)
        self.normalizer = layers.Normalization(name="normalizer")
        self.network = denoiser("network")
        self.ema_network = keras.models.clone_model(self.network)
        self.ema = ema

    def compile(self, **kwargs):
        """Metrics of noise and images."""
        super().compile(**kwargs)
        self.noise_loss_tracker = keras.metrics.Mean(name="n_loss")
        self.image_loss_tracker = keras.metrics.Mean(name="i_loss")

    def diffusion_schedule(self, diffusion_times):
        """The rates of noise and of signal at these times."""
        start_angle = ops.cast(ops.arccos(0.95), "float32")
        end_angle = ops.cast(ops.arccos(0.02), "float32")
        diffusion_angles = start_angle + diffusion_times * (end_angle - start_angle)
        return ops.sin(diffusion_angles), ops.cos(diffusion_angles)

    def denoise(self, noisy_images, noise_rates, signal_rates, training):
        """The noise in the images, and the images without it."""
        network = self.network if training else self.ema_network
        pred_noises = network([noisy_images, noise_rates**2], training=training)
        pred_images = (noisy_images - noise_rates * pred_noises) / signal_rates
        return pred_noises, pred_images

    def train_step(self, images):
        """Mix images with noise, and tell it from them."""
        images = self.normalizer(images, training=True)
        batch_size = tf.shape(images)[0]
        noises = tf.random.normal(shape=(batch_size, 8, 8, 3))
        diffusion_times = tf.random.uniform(shape=(batch_size, 1, 1, 1), minval=0.0, maxval=1.0)
        noise_rates, signal_rates = self.diffusion_schedule(diffusion_times)
        noisy_images = signal_rates * images + noise_rates * noises
        with tf.GradientTape() as tape:
            pred_noises, pred_images = self.denoise(
                noisy_images, noise_rates, signal_rates, training=True
            )
            noise_loss = self.loss(noises, pred_noises)
            image_loss = self.loss(images, pred_images)
        gradients = tape.gradient(noise_loss, self.network.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.network.trainable_weights, strict=True))
        self.noise_loss_tracker.update_state(noise_loss)
        self.image_loss_tracker.update_state(image_loss)
        pairs = zip(self.network.weights, self.ema_network.weights, strict=True)
        for weight, ema_weight in pairs:
            ema_weight.assign(self.ema * ema_weight + (1 - self.ema) * weight)
        return {"n_loss": self.noise_loss_tracker.result()}


def diffusion():
    """A compiled `Diffusion`."""
    model = Diffusion(name="diffusion")
    model.compile(
        optimizer=keras.optimizers.AdamW(learning_rate=0.001),
        loss=keras.losses.MeanAbsoluteError(),
    )
    return model


def step_denoiser(name):
    """A noisy image and the number of a step, to the noise."""
    image = keras.Input(shape=(8, 8, 3), name="image")
    step = keras.Input(shape=(), dtype="int64", name="step")
    embedding = layers.Embedding(10, 4, name="embedding")(step)
    x = layers.Conv2D(4, 3, padding="same", name="begin")(image)
    x = layers.Add(name="add")([x, layers.Reshape((1, 1, 4), name="reshape")(embedding)])
    return keras.Model([image, step], layers.Conv2D(3, 1, name="end")(x), name=name)


class GaussianDiffusion:
    """The noise of each step, which is no layer."""

    def __init__(self, timesteps):
        self.timesteps = timesteps
        kept = [1 - 0.02 * (step + 1) / timesteps for step in range(timesteps)]
        cumulated = [math.prod(kept[: step + 1]) for step in range(timesteps)]
        self.signal = tf.constant([math.sqrt(one) for one in cumulated], dtype=tf.float32)
        self.noise = tf.constant([math.sqrt(1 - one) for one in cumulated], dtype=tf.float32)

    def _extract(self, table, step, batch_size):
        return tf.reshape(tf.gather(table, step), [batch_size, 1, 1, 1])

    def q_sample(self, images, step, noise):
        """The images after that many steps."""
        batch_size = tf.shape(images)[0]
        return (
            self._extract(self.signal, step, batch_size) * images
            + self._extract(self.noise, step, batch_size) * noise
        )


class Ddpm(keras.Model):
    """A network that is trained on steps of noise (DDPM)."""

    def __init__(self, network, ema_network, timesteps, gdf_util, ema=0.999, **kwargs):
        super().__init__(**kwargs)
        self.network = network
        self.ema_network = ema_network
        self.timesteps = timesteps
        self.gdf_util = gdf_util
        self.ema = ema

    def train_step(self, images):
        """One random step for each image."""
        batch_size = tf.shape(images)[0]
        t = tf.random.uniform(minval=0, maxval=self.timesteps, shape=(batch_size,), dtype=tf.int64)
        with tf.GradientTape() as tape:
            noise = tf.random.normal(shape=tf.shape(images), dtype=images.dtype)
            images_t = self.gdf_util.q_sample(images, t, noise)
            pred_noise = self.network([images_t, t], training=True)
            loss = self.loss(noise, pred_noise)
        gradients = tape.gradient(loss, self.network.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.network.trainable_weights, strict=True))
        pairs = zip(self.network.weights, self.ema_network.weights, strict=True)
        for weight, ema_weight in pairs:
            ema_weight.assign(self.ema * ema_weight + (1 - self.ema) * weight)
        return {"loss": loss}


def ddpm():
    """A compiled `Ddpm`."""
    model = Ddpm(
        step_denoiser("network"),
        step_denoiser("ema_network"),
        10,
        GaussianDiffusion(10),
        name="ddpm",
    )
    model.compile(loss=keras.losses.MeanSquaredError(), optimizer=keras.optimizers.Adam(0.0002))
    return model


def augmenter(name, size):
    """Random changes of images."""
    return keras.Sequential(
        [
            keras.Input(shape=(8, 8, 3)),
            layers.Rescaling(1 / 255),
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(size, size),
        ],
        name=name,
    )


class Contrastive(keras.Model):
    """An encoder that knows an image by two changes of it (SimCLR), and a probe of it."""

    def __init__(self, temperature=0.1, **kwargs):
        super().__init__(**kwargs)
        self.temperature = temperature
        self.contrastive_augmenter = augmenter("contrastive_augmenter", 0.25)
        self.classification_augmenter = augmenter("classification_augmenter", 0.1)
        self.encoder = keras.Sequential(
            [
                keras.Input(shape=(8, 8, 3)),
                layers.Conv2D(4, 3, strides=2, activation="relu"),
                layers.Flatten(),
                layers.Dense(6, activation="relu"),
            ],
            name="encoder",
        )
        self.projection_head = keras.Sequential(
            [keras.Input(shape=(6,)), layers.Dense(6, activation="relu"), layers.Dense(6)],
            name="projection_head",
        )
        self.linear_probe = keras.Sequential(
            [layers.Input(shape=(6,)), layers.Dense(10)], name="linear_probe"
        )

    def compile(self, contrastive_optimizer, probe_optimizer, **kwargs):
        """The probe has an optimizer and a loss of its own."""
        super().compile(**kwargs)
        self.contrastive_optimizer = contrastive_optimizer
        self.probe_optimizer = probe_optimizer
        self.probe_loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.probe_accuracy = keras.metrics.SparseCategoricalAccuracy(name="p_acc")

    def contrastive_loss(self, projections_1, projections_2):
        """Each projection has to be like the other one of its image, and like no other."""
        projections_1 = tf.math.l2_normalize(projections_1, axis=1)
        projections_2 = tf.math.l2_normalize(projections_2, axis=1)
        similarities = tf.matmul(projections_1, projections_2, transpose_b=True) / self.temperature
        batch_size = tf.shape(projections_1)[0]
        contrastive_labels = tf.range(batch_size)
        loss_1_2 = keras.losses.sparse_categorical_crossentropy(
            contrastive_labels, similarities, from_logits=True
        )
        loss_2_1 = keras.losses.sparse_categorical_crossentropy(
            contrastive_labels, tf.transpose(similarities), from_logits=True
        )
        return tf.reduce_mean((loss_1_2 + loss_2_1) / 2)

    def train_step(self, data):
        """The encoder from all images, the probe from those with labels."""
        (unlabeled_images, _), (labeled_images, labels) = data
        images = tf.concat((unlabeled_images, labeled_images), axis=0)
        augmented_images_1 = self.contrastive_augmenter(images, training=True)
        augmented_images_2 = self.contrastive_augmenter(images, training=True)
        with tf.GradientTape() as tape:
            features_1 = self.encoder(augmented_images_1, training=True)
            features_2 = self.encoder(augmented_images_2, training=True)
            projections_1 = self.projection_head(features_1, training=True)
            projections_2 = self.projection_head(features_2, training=True)
            contrastive_loss = self.contrastive_loss(projections_1, projections_2)
        weights = self.encoder.trainable_weights + self.projection_head.trainable_weights
        gradients = tape.gradient(contrastive_loss, weights)
        self.contrastive_optimizer.apply_gradients(zip(gradients, weights, strict=True))

        preprocessed_images = self.classification_augmenter(labeled_images, training=True)
        with tf.GradientTape() as tape:
            features = self.encoder(preprocessed_images, training=False)
            class_logits = self.linear_probe(features, training=True)
            probe_loss = self.probe_loss(labels, class_logits)
        gradients = tape.gradient(probe_loss, self.linear_probe.trainable_weights)
        self.probe_optimizer.apply_gradients(
            zip(gradients, self.linear_probe.trainable_weights, strict=True)
        )
        self.probe_accuracy.update_state(labels, class_logits)
        return {"c_loss": contrastive_loss, "p_acc": self.probe_accuracy.result()}


def contrastive():
    """A compiled `Contrastive`."""
    model = Contrastive(name="contrastive")
    model.compile(
        contrastive_optimizer=keras.optimizers.Adam(), probe_optimizer=keras.optimizers.Adam()
    )
    return model


class Distiller(keras.Model):
    """A student that learns from labels and from a teacher."""

    def __init__(self, student, teacher, **kwargs):
        super().__init__(**kwargs)
        self.teacher = teacher
        self.student = student

    def compile(
        self, optimizer, metrics, student_loss_fn, distillation_loss_fn, alpha=0.1, temperature=3
    ):
        """Two losses, weighted by ``alpha``."""
        super().compile(optimizer=optimizer, metrics=metrics)
        self.student_loss_fn = student_loss_fn
        self.distillation_loss_fn = distillation_loss_fn
        self.alpha = alpha
        self.temperature = temperature

    def train_step(self, data):
        """The teacher isn't trained."""
        x, y = data
        teacher_predictions = self.teacher(x, training=False)
        with tf.GradientTape() as tape:
            student_predictions = self.student(x, training=True)
            student_loss = self.student_loss_fn(y, student_predictions)
            distillation_loss = (
                self.distillation_loss_fn(
                    tf.nn.softmax(teacher_predictions / self.temperature, axis=1),
                    tf.nn.softmax(student_predictions / self.temperature, axis=1),
                )
                * self.temperature**2
            )
            loss = self.alpha * student_loss + (1 - self.alpha) * distillation_loss
        trainable_vars = self.student.trainable_variables
        gradients = tape.gradient(loss, trainable_vars)
        self.optimizer.apply_gradients(zip(gradients, trainable_vars, strict=True))
        for metric in self.metrics:
            if metric.name != "loss":
                metric.update_state(y, student_predictions)
        results = {metric.name: metric.result() for metric in self.metrics}
        results.update({"student_loss": student_loss, "distillation_loss": distillation_loss})
        return results


def classifier(filters, name):
    """Images to ten logits."""
    return keras.Sequential(
        [
            keras.Input(shape=(8, 8, 1)),
            layers.Conv2D(filters, 3, strides=2, padding="same"),
            layers.Flatten(),
            layers.Dense(10),
        ],
        name=name,
    )


def distiller():
    """A compiled `Distiller`."""
    model = Distiller(classifier(2, "student"), classifier(8, "teacher"), name="distiller")
    model.compile(
        optimizer=keras.optimizers.Adam(),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
        student_loss_fn=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        distillation_loss_fn=keras.losses.KLDivergence(),
    )
    return model


class Supervised(keras.Model):
    """A Functional model with a step of its own, and Keras's loss."""

    def train_step(self, data):
        """As Keras does it."""
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(y=y, y_pred=y_pred)
        trainable_vars = self.trainable_variables
        gradients = tape.gradient(loss, trainable_vars)
        self.optimizer.apply(gradients, trainable_vars)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)
        return {metric.name: metric.result() for metric in self.metrics}


def supervised():
    """A compiled `Supervised`."""
    inputs = keras.Input(shape=(6,), name="features")
    outputs = layers.Dense(1, name="head")(layers.Dense(4, name="hidden")(inputs))
    model = Supervised(inputs, outputs, name="supervised")
    model.compile(optimizer="adam", loss="mse", metrics=["mae"])
    return model


class WithLossTracker(keras.Model):
    """A subclassed model whose step doesn't use what was compiled, but for the optimizer."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.hidden = layers.Dense(4, activation="relu", name="hidden")
        self.head = layers.Dense(1, name="head")
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.mae_metric = keras.metrics.MeanAbsoluteError(name="mae")

    def call(self, x):
        """Two layers."""
        return self.head(self.hidden(x))

    def train_step(self, data):
        """A loss that is a function of Keras's."""
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = keras.losses.mean_squared_error(y, y_pred)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        self.loss_tracker.update_state(loss)
        self.mae_metric.update_state(y, y_pred)
        return {"loss": self.loss_tracker.result(), "mae": self.mae_metric.result()}


#: What makes the model, and the shapes and dtypes of what its ``train_step`` takes.
TRAINED = {
    "gan": (gan, (8, 8, 1), None),
    "conditional_gan": (conditional_gan, [(8, 8, 1), (3,)], None),
    "wgan": (wgan, (8, 8, 1), None),
    "cycle_gan": (cycle_gan, [(8, 8, 3), (8, 8, 3)], None),
    "vae": (vae, (8, 8, 1), None),
    "diffusion": (diffusion, (8, 8, 3), None),
    "ddpm": (ddpm, (8, 8, 3), None),
    "contrastive": (
        contrastive,
        [[(8, 8, 3), ()], [(8, 8, 3), ()]],
        [["float32", "int32"], ["float32", "int32"]],
    ),
    "distiller": (distiller, [(8, 8, 1), ()], ["float32", "int32"]),
    "supervised": (supervised, [(6,), (1,)], None),
    "with_loss_tracker": (WithLossTracker, [(6,), (1,)], None),
}
