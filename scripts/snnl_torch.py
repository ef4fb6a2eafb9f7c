"""The soft nearest neighbour loss for training in PyTorch, and a recorder of activations.

SoftNearestNeighborLoss   the loss of a batch
EntanglementRegularizer   weight x the losses of named layers of a model, to add to a training loss
ActivationRecorder        writes activations of named layers to a dump that snnl-analyze reads

docs/training.md shows how they are used. Reference: N. Frosst, N. Papernot, G. Hinton, "Analyzing and Improving
Representations with the Soft Nearest Neighbor Loss", ICML 2019. Needs PyTorch alone, the recorder h5py as well.
"""

import contextlib
import math
import typing
import warnings

import torch
from torch import nn

DISTANCES = ("sqeuclidean", "cosine")


class BatchValues(typing.NamedTuple):
    """What the loss saw in a batch. A loss that rises while the mean distance falls may be that of a network that shrinks."""
    loss: float
    mean_distance: float  # of all pairs; NaN where nothing is scored
    temperature: float    # in the unit of the distance; NaN where nothing is scored

    @property
    def relative_temperature(self):
        """The temperature over the mean distance, which the scale of the activations does not change."""
        return self.temperature / self.mean_distance if self.mean_distance else math.nan

    def __str__(self):
        return f"loss {self.loss:.4g}, mean distance {self.mean_distance:.4g}, T {self.relative_temperature:.3g} of it"


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


class _Batch:
    """What the loss of a batch is made of: distances [n, n], and which pairs are of one class.

    Only samples are scored that have another of their class in the batch; all are neighbours."""

    def __init__(self, distances, labels):
        same = labels[:, None] == labels[None, :]
        same.fill_diagonal_(False)
        scored = same.any(1)
        self.is_scored = bool(scored.any())
        if self.is_scored:
            self.mean = (distances.sum() - distances.diagonal().sum()) / (len(labels) * (len(labels) - 1))
            # Of the scored rows alone: a row without any neighbour of its class would be a logarithm of nothing.
            self.rows = distances[scored]
            self.other = ~same[scored]
            self.itself = torch.eye(len(labels), dtype=torch.bool, device=distances.device)[scored]

    def loss(self, inverse_temperature, epsilon):
        """A scalar. With epsilon, -log(e + own / (e + every)) of the sums of exp(-d / T), as the authors' code has it."""
        logits = -self.rows * inverse_temperature
        every = torch.logsumexp(logits.masked_fill(self.itself, -math.inf), 1)
        own = torch.logsumexp(logits.masked_fill(self.other, -math.inf), 1)
        return _mean_loss(every, own, epsilon)

    @torch.no_grad()
    def optimal_ratio(self, epsilon):
        """T* over the mean distance, a scalar tensor: where the loss is least over [2^-40, 2^10]. Where it is least all the
        way to T -> 0, as it is of classes that are wholly apart, the largest such T."""
        search = _Search(self.rows / self.mean, self.itself, self.other, epsilon)
        octaves, found = search.by_octaves()
        around = nn.functional.pad(found, (1, 1), value=math.inf)
        is_minimum = (found <= around[:-2]) & (found <= around[2:])
        lowest = octaves[is_minimum][found[is_minimum].argsort()[:2]]
        places = (lowest[:, None] + torch.linspace(-1, 1, 9, dtype=octaves.dtype, device=octaves.device)).flatten()
        places = places.clamp(-40, 10)
        found = search.at(places)
        # Of what rounding makes equal to the least, the largest.
        equal = found <= found.min() + 4 * torch.finfo(found.dtype).eps * found.min().clamp_min(1)
        best = places[torch.where(equal, places, -math.inf).argmax()]
        for width in (1 / 4, 1 / 16, 1 / 16):
            near = best + width * torch.tensor([-1, 0, 1], dtype=best.dtype, device=best.device)
            best = _minimum(near, search.at(near))
        return torch.exp2(best.clamp(-40, 10))


class _Search:
    """Losses of a batch at many temperatures, in units of the mean distance, by sums of exp(-d / T) of each row."""

    def __init__(self, rows, itself, other, epsilon):
        self._epsilon = epsilon
        self._count = (~other).sum(1)
        every, own = rows.masked_fill(itself, math.inf), rows.masked_fill(other, math.inf)
        own = own.topk(int(self._count.max()), largest=False).values  # the nearest comes first
        self._nearest = every.amin(1)
        self._behind = own[:, 0] - self._nearest  # how much further the nearest of its own class is
        self._every = (every - self._nearest[:, None]).clamp_min_(0)
        self._own = own - own[:, :1]

    def at(self, octaves):
        """Losses at T = 2^octaves."""
        return torch.stack([self._ladder(octave, 1)[0] for octave in octaves])

    def by_octaves(self):
        """Octaves from 10 downwards, and the losses there, to where it cannot be less."""
        chance = (self._every.shape[1] - 1) / self._count
        log_count = float(self._count.log().mean())
        # l_i >= behind_i / T - log(count_i), which is above chance below this T; where no sample has a nearest neighbour of
        # another class, the loss goes down to its limit, which is reached where no distance but the nearest counts.
        behind = float(self._behind.mean())
        least = behind / (float(chance.log().mean()) + log_count) if behind > 0 else 0
        lowest = max(-40, math.floor(math.log2(least))) if least > 0 else -40
        octaves = list(range(10, lowest - 1, -1))
        found = [self._ladder(octaves[k], len(octaves[k:k + 5])) for k in range(0, len(octaves), 5)]
        octaves = torch.tensor(octaves, dtype=self._every.dtype, device=self._every.device)
        return octaves, torch.cat([torch.stack(part) for part in found])

    def _ladder(self, octave, steps):
        """Losses at T = 2^octave and at `steps` - 1 octaves below, each by squaring the exponentials of the one above."""
        inverse = 2.0**-float(octave)
        every, own = (self._every * -inverse).exp_(), (self._own * -inverse).exp_()
        found = []
        for step in range(steps):
            if step > 0:
                every.mul_(every), own.mul_(own)
                inverse *= 2
            log_every, log_own = every.sum(1).log(), own.sum(1).log() - self._behind * inverse
            if self._epsilon > 0:  # it is added to sums that are not shifted
                log_every, log_own = log_every - self._nearest * inverse, log_own - self._nearest * inverse
            found.append(_mean_loss(log_every, log_own, self._epsilon))
        return found


def _minimum(places, values):
    """Where the parabola through three equally spaced points is least, if that is between them; else the middle."""
    width, slope, bend = places[1] - places[0], values[2] - values[0], values[2] - 2 * values[1] + values[0]
    step = -width * slope / (2 * bend)
    return places[1] + torch.where((bend > 0) & (step.abs() < width), step, torch.zeros_like(step))


def _mean_loss(log_every, log_own, epsilon):
    """Mean over the last axis of the losses of samples, from the logarithms of their sums."""
    if epsilon > 0:
        log_epsilon = torch.full_like(log_every, math.log(epsilon))
        return -torch.logaddexp(log_epsilon, log_own - torch.logaddexp(log_epsilon, log_every)).mean(-1)
    return (log_every - log_own).mean(-1)


class SoftNearestNeighborLoss(nn.Module):
    """Mean over the scored samples of log sum_{k != i} exp(-d_ik / T) - log sum_{j != i, y_j = y_i} exp(-d_ij / T).

    A sample is scored if its class has another member in the batch; the others are neighbours all the same. Where
    nothing is scored the loss is 0, and so is its gradient.

    temperature  "optimal" (the default): the T that minimises the loss of each batch, over [2^-40, 2^10] times its mean
                 distance. The loss does not change with the scale of the activations, and its gradient is that at
                 T fixed (the envelope theorem: dl/dT = 0 there). Or a number > 0, in units of the distance; a call may give
                 another one
    learned      the temperature is learned, beginning with the number given: the parameter is log(1/T), so that T stays
                 positive and a step changes 1/T, which is what the paper learns, by a factor. It is made smaller or
                 larger to lower the loss whatever the sign of the loss in the training loss (see EntanglementRegularizer)
    distance     "sqeuclidean" or "cosine"
    epsilon      what the code of the paper's authors adds to the sums and inside the logarithm, 1e-5 there: no sample's loss
                 exceeds -log(epsilon), 11.5, and one that does has no gradient. 0 (the default) adds nothing

    `last` tells the loss, the mean distance and the temperature of the last batch. Works on any device. Under autocast, and
    for float16 and bfloat16, it computes in float32.
    """

    def __init__(self, temperature="optimal", distance="sqeuclidean", learned=False, epsilon=0.0):
        super().__init__()
        if distance not in DISTANCES:
            raise ValueError(f"distance '{distance}' is none of {', '.join(DISTANCES)}")
        is_number = isinstance(temperature, (int, float)) and not isinstance(temperature, bool)
        if not (temperature == "optimal" or is_number and 0 < temperature < math.inf):
            raise ValueError(f"temperature {temperature!r} is neither 'optimal' nor a positive number")
        if learned and temperature == "optimal":
            raise ValueError("a learned temperature needs a number to begin with, such as the mean distance; 'optimal' is "
                             "found anew for each batch")
        if not 0 <= epsilon < 1:
            raise ValueError(f"epsilon {epsilon} is not in [0, 1)")
        self.distance = distance
        self.epsilon = epsilon
        self.fixed_temperature = None if learned else temperature
        self.log_inverse_temperature = nn.Parameter(torch.tensor(-math.log(temperature))) if learned else None
        self.last = None

    @property
    def temperature(self):
        """The number in use; of "optimal", that of the last batch, None before there was one."""
        if self.log_inverse_temperature is not None:
            return math.exp(-float(self.log_inverse_temperature))
        if self.fixed_temperature == "optimal":
            return self.last.temperature if self.last else None
        return float(self.fixed_temperature)

    def forward(self, x, labels, temperature=None):
        """Loss of x [n, ...], flattened to [n, d], with labels [n]. A scalar."""
        x = x.flatten(1) if x.dim() > 1 else x
        if x.dim() != 2 or labels.shape != x.shape[:1]:
            raise ValueError(f"activations {list(x.shape)} and labels {list(labels.shape)} do not fit: [n, ...] and [n] are "
                             "needed")
        with torch.autocast(x.device.type, enabled=False):
            if x.dtype not in (torch.float32, torch.float64):
                x = x.float()
            loss = self._loss(x, labels, temperature)
            if x.dtype == torch.float32 and x.device.type != "mps" and self._needs_double(x):
                loss = self._loss(x.double(), labels, temperature).float()
            return loss

    def _needs_double(self, x):
        """Whether the rounding of a distance, of the size of the squared norms, is more than about 1e-3 of T."""
        if not self.last.temperature > 0:
            return False
        largest = 1.0 if self.distance == "cosine" else float((x.detach() - x.detach().mean(0)).square().sum(1).amax())
        return self.last.temperature < 1e3 * torch.finfo(x.dtype).eps * largest

    def _loss(self, x, labels, temperature):
        batch = _Batch(pairwise_distances(x, self.distance), labels)
        if not batch.is_scored:
            self.last = BatchValues(0.0, math.nan, math.nan)
            return (x * 0).sum()
        given = self.fixed_temperature if temperature is None else temperature
        if given is None:
            inverse = self.log_inverse_temperature.to(x.dtype).exp()
        elif given != "optimal":
            inverse = torch.as_tensor(1 / given, dtype=x.dtype, device=x.device)
        elif float(batch.mean.detach()) > 0:
            # Of the mean distance with its gradient: this adds nothing at a minimum, and at an end of the range keeps the
            # loss free of the scale.
            inverse = 1 / (batch.optimal_ratio(self.epsilon) * batch.mean)
        else:
            inverse = torch.ones_like(batch.mean.detach())
        loss = batch.loss(inverse, self.epsilon)
        self.last = BatchValues(*torch.stack([loss.detach(), batch.mean.detach(), 1 / inverse.detach()]).tolist())
        return loss


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

        regularizer = EntanglementRegularizer(model, ["conv2", "fc1"], weight=-1.0)
        loss = F.cross_entropy(model(x), y) + regularizer(y)

    The layers' outputs are taken by hooks in each forward pass of the model in training mode with gradients; call it
    once after each. `values` holds the BatchValues of each layer: the loss, and the scale it was seen at. Options are those
    of SoftNearestNeighborLoss, one for each layer; by default each batch has its optimal temperature.

    warmup  calls over which the weight grows from 0 to its whole. A loss that does not change with the scale has a
            gradient that grows as activations are small, as they are at the beginning: at full weight it can throw away what
            the network needs before it has learned anything

    With another temperature and a negative weight the loss also rises where the network shrinks, with nothing entangled;
    a warning says so. With learned=True, give regularizer.parameters() to the optimiser as well: temperatures learn to lower
    the loss of their layer, whatever the weight's sign, as in the paper.
    """

    def __init__(self, model, layers, weight, warmup=200, **options):
        super().__init__()
        if isinstance(layers, str):
            layers = [layers]
        modules = find_modules(model, layers)
        if not modules:
            raise ValueError("no layers are named")
        self.weight = weight
        self.warmup = warmup
        self.register_buffer("calls", torch.tensor(0))  # kept by state_dict: a run that is resumed does not begin again
        self.layers = list(modules)
        self.losses = nn.ModuleList(SoftNearestNeighborLoss(**options) for _ in self.layers)
        self.values = {}
        if weight < 0 and any(loss.fixed_temperature != "optimal" for loss in self.losses):
            warnings.warn("with a negative weight and a temperature that is " + ("learned" if options.get("learned") else "fixed")
                          + ", the loss also rises where activations shrink and nothing is entangled: watch mean_distance in "
                          "values, or leave temperature='optimal'", stacklevel=2)
        self._tap = _Tap(modules, lambda: model.training and torch.is_grad_enabled())
        # A pass that was begun and not used, because it failed or was only looked at, must not be counted.
        self._start = model.register_forward_pre_hook(lambda module, inputs: self._tap.clear())

    @property
    def temperatures(self):
        return {layer: loss.temperature for layer, loss in zip(self.layers, self.losses)}

    def forward(self, labels):
        self.calls += 1
        weight = self.weight * min(1.0, float(self.calls) / max(self.warmup, 1))
        total = 0.0
        for layer, loss in zip(self.layers, self.losses):
            output = self._tap.take(layer)
            value = loss(output, labels)
            self.values[layer] = loss.last
            if loss.log_inverse_temperature is not None and weight < 0:
                # The temperature goes down the loss also where the layer goes up: its gradient keeps its sign.
                apart = loss(output.detach(), labels)
                value = loss(output, labels, temperature=loss.temperature)
                total = total + weight * value - weight * (apart - apart.detach())
            else:
                total = total + weight * value
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
