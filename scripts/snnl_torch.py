"""The soft nearest neighbour loss for training in PyTorch, and a recorder of activations.

SoftNearestNeighborLoss   the loss of a batch
EntanglementRegularizer   weight x the losses of named layers of a model, to add to a training loss
ActivationRecorder        writes activations of named layers to a dump that snnl-analyze reads

docs/training.md shows how they are used. Reference: N. Frosst, N. Papernot, G. Hinton, "Analyzing and Improving
Representations with the Soft Nearest Neighbor Loss", ICML 2019. Needs PyTorch alone, the recorder h5py as well.
"""

import contextlib
import math

import torch
from torch import nn

DISTANCES = ("sqeuclidean", "cosine")


def pairwise_distances(x, distance="sqeuclidean"):
    """[n, n] squared Euclidean distances of the rows of x [n, d], or 1 - cosine; a row of zeros has similarity 0."""
    if distance == "cosine":
        largest = x.detach().abs().amax(1, keepdim=True)
        zero = largest == 0
        # Scaled first, so that squares neither overflow nor underflow; a row of zeros has no direction to change.
        scaled = torch.where(zero, torch.zeros_like(x), x / torch.where(zero, torch.ones_like(largest), largest))
        norms = torch.where(zero, torch.ones_like(largest), scaled.square().sum(1, keepdim=True)).sqrt()
        unit = scaled / norms
        return (1 - unit @ unit.T).clamp_min(0)
    # Distances do not change with the centre, but the digits that cancel do.
    x = x - x.detach().mean(0)
    squares = x.square().sum(1)
    return (squares[:, None] + squares[None, :] - 2 * x @ x.T).clamp_min(0)


class SoftNearestNeighborLoss(nn.Module):
    """Mean over the scored samples of log sum_{k != i} exp(-d_ik / T) - log sum_{j != i, y_j = y_i} exp(-d_ij / T).

    A sample is scored if its class has another member in the batch; the others are neighbours all the same. Where
    nothing is scored the loss is 0, and so is its gradient.

    temperature  a number > 0, in units of the distance; a call may give another one
    learned      the temperature is learned: the parameter is log(1/T), so that T stays positive and a step changes 1/T,
                 which is what the paper learns, by a factor. It is made smaller or larger to lower the loss
                 whatever the sign of the loss in the training loss (see EntanglementRegularizer)
    distance     "sqeuclidean" or "cosine"

    Works on any device. Under autocast, and for float16 and bfloat16, it computes in float32.
    """

    def __init__(self, temperature=1.0, distance="sqeuclidean", learned=False):
        super().__init__()
        if distance not in DISTANCES:
            raise ValueError(f"distance '{distance}' is none of {', '.join(DISTANCES)}")
        if not (temperature > 0 and math.isfinite(temperature)):
            raise ValueError(f"temperature {temperature} is not a positive number")
        self.distance = distance
        self.fixed_temperature = None if learned else float(temperature)
        self.log_inverse_temperature = nn.Parameter(torch.tensor(-math.log(temperature))) if learned else None

    @property
    def temperature(self):
        if self.fixed_temperature is not None:
            return self.fixed_temperature
        return math.exp(-float(self.log_inverse_temperature))

    def forward(self, x, labels, temperature=None):
        """Loss of x [n, ...], flattened to [n, d], with labels [n]. A scalar."""
        x = x.flatten(1) if x.dim() > 1 else x
        if x.dim() != 2 or labels.shape != x.shape[:1]:
            raise ValueError(f"activations {list(x.shape)} and labels {list(labels.shape)} do not fit: [n, ...] and [n] are "
                             "needed")
        with torch.autocast(x.device.type, enabled=False):
            if x.dtype not in (torch.float32, torch.float64):
                x = x.float()
            given = self.fixed_temperature if temperature is None else temperature
            inverse = self.log_inverse_temperature.to(x.dtype).exp() if given is None else 1 / given
            return self._loss(x, labels, inverse)

    def _loss(self, x, labels, inverse_temperature):
        same = labels[:, None] == labels[None, :]
        same.fill_diagonal_(False)
        scored = same.any(1)
        if not bool(scored.any()):
            return (x * 0).sum()
        itself = torch.eye(len(x), dtype=torch.bool, device=x.device)[scored]
        # Of the scored rows alone: a row without any neighbour of its class would be a logarithm of nothing.
        logits = -pairwise_distances(x, self.distance)[scored] * inverse_temperature
        every = torch.logsumexp(logits.masked_fill(itself, -math.inf), 1)
        own = torch.logsumexp(logits.masked_fill(~same[scored], -math.inf), 1)
        return (every - own).mean()


def find_modules(model, names):
    """name -> module, for names of model.named_modules(), with or without the "module." of DataParallel."""
    known = dict(model.named_modules())
    found = {}
    for name in names:
        module = known.get(name, known.get(f"module.{name}", known.get(name.removeprefix("module."))))
        if module is None or name == "":
            from difflib import get_close_matches
            bare = [key.removeprefix("module.") for key in known if key not in ("", "module")]
            near = get_close_matches(name, bare, n=1)
            raise ValueError(f"the model has no layer '{name}'" + (f"; did you mean '{near[0]}'?" if near else
                                                                   f"; there are {', '.join(bare[:20])}"))
        found[name.removeprefix("module.")] = module
    return found


class _Tap:
    """Keeps the last output of layers. Of a layer that runs on several devices at once, or twice, all in order."""

    def __init__(self, modules, wanted):
        self.outputs = {name: [] for name in modules}
        self._wanted = wanted
        self._hooks = [module.register_forward_hook(self._keep(name)) for name, module in modules.items()]

    def _keep(self, name):
        def hook(module, inputs, output):
            if not self._wanted():
                return
            if not isinstance(output, torch.Tensor):
                raise TypeError(f"layer '{name}' gives {type(output).__name__}, not one tensor; choose a layer inside it")
            self.outputs[name].append(output)
        return hook

    def take(self, name):
        """The output, which is then forgotten."""
        outputs, self.outputs[name] = self.outputs[name], []
        if len(outputs) != 1:
            raise RuntimeError(f"layer '{name}' ran {len(outputs)} times, not once, since its output was last taken"
                               + ("; under DataParallel, take the loss inside the model" if len(outputs) > 1 else ""))
        return outputs[0]

    def clear(self):
        for name in self.outputs:
            self.outputs[name] = []

    def close(self):
        for hook in self._hooks:
            hook.remove()
        self._hooks = []
        self.clear()


class EntanglementRegularizer(nn.Module):
    """weight x sum of the losses of named layers, to be added to a training loss. A negative weight entangles.

        regularizer = EntanglementRegularizer(model, ["conv2", "fc1"], weight=-1.0, temperature=100.0)
        loss = F.cross_entropy(model(x), y) + regularizer(y)

    The layers' outputs are taken by hooks in each forward pass of the model in training mode with gradients; call it
    once after each. `values` holds the last loss of each layer. Options are those of SoftNearestNeighborLoss, one for each
    layer. With learned=True, give regularizer.parameters() to the optimiser as well: temperatures learn to lower the
    loss of their layer, whatever the weight's sign, as in the paper.
    """

    def __init__(self, model, layers, weight, **options):
        super().__init__()
        if isinstance(layers, str):
            layers = [layers]
        modules = find_modules(model, layers)
        if not modules:
            raise ValueError("no layers are named")
        self.weight = weight
        self.layers = list(modules)
        self.losses = nn.ModuleList(SoftNearestNeighborLoss(**options) for _ in self.layers)
        self.values = {}
        self._tap = _Tap(modules, lambda: model.training and torch.is_grad_enabled())
        # A pass that was begun and not used, because it failed or was only looked at, must not be counted.
        self._start = model.register_forward_pre_hook(lambda module, inputs: self._tap.clear())

    @property
    def temperatures(self):
        return {layer: loss.temperature for layer, loss in zip(self.layers, self.losses)}

    def forward(self, labels):
        total = 0.0
        for layer, loss in zip(self.layers, self.losses):
            output = self._tap.take(layer)
            value = loss(output, labels)
            self.values[layer] = float(value.detach())
            if loss.log_inverse_temperature is not None and self.weight < 0:
                # The temperature goes down the loss also where the layer goes up: its gradient keeps its sign.
                apart = loss(output.detach(), labels)
                value = loss(output, labels, temperature=loss.temperature)
                total = total + self.weight * value - self.weight * (apart - apart.detach())
            else:
                total = total + self.weight * value
        return total

    def close(self):
        """Takes the hooks off the model."""
        self._tap.close()
        self._start.remove()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


@contextlib.contextmanager
def _evaluating(model):
    """Evaluation mode, no gradients; every module's mode and the random numbers are afterwards what they were."""
    modes = [(module, module.training) for module in model.modules()]
    cuda = list(range(torch.cuda.device_count())) if torch.cuda.is_available() else []
    with torch.random.fork_rng(devices=cuda), torch.no_grad():
        try:
            model.eval()
            yield
        finally:
            for module, mode in modes:
                module.training = mode


class ActivationRecorder:
    """Records the outputs of named layers on a fixed labelled set, epoch by epoch, to a dump for snnl-analyze.

        recorder = ActivationRecorder(model, ["conv1", "conv2", "fc"], "run.h5", fixed_loader)
        recorder.record(0)
        for epoch in range(1, 11):
            train(model)
            recorder.record(epoch)

    loader   gives (inputs, labels) batches, the same samples in the same order at each call: no shuffling, no augmentation
    dtype    "float16" (default), "float32": how values are stored
    pool     average maps [n, channels, ...] to [n, channels]; else they are stored whole
    device   where inputs are sent; by default where the model's first parameter is

    Further options are those of snnl_dump.DumpWriter: class_names, sample_ids, model_name, dataset, compression. The
    model's predictions, where it gives [n, classes], are stored in /predictions/<0000>. A run that is killed at any point
    leaves all epochs before it readable; recording goes on in a dump that exists.
    """

    def __init__(self, model, layers, path, loader, dtype="float16", pool=False, device=None, model_name=None, **options):
        self.model, self.loader, self.path, self.pool, self.device = model, loader, path, pool, device
        self.modules = find_modules(model, [layers] if isinstance(layers, str) else layers)
        if not self.modules:
            raise ValueError("no layers are named")
        self.options = {"dtype": dtype, "model": model_name or type(model).__name__, **options}
        self._writer = None

    def record(self, epoch, overwrite=False):
        import numpy as np
        import snnl_dump
        parts, labels, predictions = {name: [] for name in self.modules}, [], []
        device = self.device or next((p.device for p in self.model.parameters()), "cpu")
        tap = _Tap(self.modules, lambda: True)
        try:
            with _evaluating(self.model):
                for inputs, batch_labels in self.loader:
                    output = self.model(inputs.to(device))
                    labels.append(torch.as_tensor(batch_labels).cpu().numpy())
                    if isinstance(output, torch.Tensor) and output.dim() == 2:
                        predictions.append(output.argmax(1).cpu().numpy())
                    for name in self.modules:
                        # Replicas of DataParallel run in any order: their outputs are told apart by nothing.
                        values = tap.take(name).detach().float().cpu().numpy()
                        values = values[:, None] if values.ndim == 1 else values
                        parts[name].append(snnl_dump.pool_maps(values) if self.pool else values)
        finally:
            tap.close()
        if not labels:
            raise ValueError("the loader gives no batches")
        labels = np.concatenate(labels)
        if self._writer is None:
            self._writer = snnl_dump.DumpWriter(self.path, labels, layer_names=list(self.modules), **self.options)
        elif not np.array_equal(labels, self._writer.labels):
            raise ValueError("the loader gives other labels than before; it must not shuffle")
        self._writer.write_epoch(epoch, {name: np.concatenate(values) for name, values in parts.items()},
                                 np.concatenate(predictions) if predictions else None, overwrite)
