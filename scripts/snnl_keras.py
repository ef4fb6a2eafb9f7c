"""Records activations of a Keras model to a dump that snnl-analyze reads.

    recorder = ActivationRecorder(["conv2d", "dense"], "run.h5", test_images[:1000], test_labels[:1000])
    model.fit(images, labels, epochs=20, callbacks=[recorder])

It behaves as snnl_torch.ActivationRecorder: epoch 0 is the model before training, a run that is killed leaves all epochs
before it readable, and recording goes on in a dump that exists. Needs TensorFlow with Keras, and h5py.
"""

import numpy as np
import snnl_dump
import tensorflow as tf


class ActivationRecorder(tf.keras.callbacks.Callback):
    """Records the outputs of named layers on fixed samples, before training and at the end of epochs.

    layers   names of layers of the model, in forward order
    x, y     inputs and labels [n], the same at every epoch
    every    record each so-many-th epoch; the epochs of a dump count from 1, as trained ones
    dtype    "float16" (default) or "float32": how values are stored
    pool     average maps [n, height, width, channels] to [n, channels]; else they are stored whole

    Further options are those of snnl_dump.DumpWriter: class_names, sample_ids, dataset, compression, data_format (that of
    Keras by default, which is kept with maps so that snnl-analyze --pool finds the channels). Where the last layer
    named gives [n, classes], its largest are stored as predictions.
    """

    def __init__(self, layers, path, x, y, every=1, dtype="float16", pool=False, batch_size=None, **options):
        super().__init__()
        if every < 1:
            raise ValueError("every must be at least 1")
        self.layer_names, self.x, self.every = [layers] if isinstance(layers, str) else list(layers), x, every
        self.pool, self.batch_size = pool, batch_size
        options.setdefault("data_format", tf.keras.backend.image_data_format())
        self._writer = snnl_dump.DumpWriter(path, np.asarray(y).reshape(-1), layer_names=self.layer_names, dtype=dtype,
                                            **options)
        self._outputs = None

    def set_model(self, model):
        super().set_model(model)
        known = [layer.name for layer in model.layers]
        for name in self.layer_names:
            if name not in known:
                raise ValueError(f"the model has no layer '{name}'" + snnl_dump.did_you_mean(name, known))
        self._outputs = tf.keras.Model(model.inputs, [model.get_layer(name).output for name in self.layer_names])

    def on_train_begin(self, logs=None):
        self._record(0)

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0:
            self._record(epoch + 1)

    def _record(self, epoch):
        outputs = self._outputs.predict(self.x, batch_size=self.batch_size, verbose=0)
        # Of one output, Keras gives the array itself.
        outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        stored = {}
        for name, values in zip(self.layer_names, map(np.asarray, outputs)):
            if self.pool and values.ndim > 2:
                values = values.mean(axis=tuple(range(1, values.ndim - 1)), dtype=np.float64)
            stored[name] = values
        last = stored[self.layer_names[-1]]
        self._writer.write_epoch(epoch, stored, last.argmax(1) if last.ndim == 2 else None, overwrite=True)
