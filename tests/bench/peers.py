#!/usr/bin/env python3
"""Times how Python's libraries reach the same number: peers.py PEER WORKLOAD THREADS REPETITIONS [TEMPERATURE CALLS]

PEER is sklearn or torch, or torch-gradient for the loss and its gradient at a temperature, as in training, or faiss for
the 75 nearest neighbours of the first sixth of the samples; WORKLOAD is the JSON of the arguments of samples.chunks. Prints JSON: seconds of each
repetition, the loss l and the temperature that were reached, evaluations of l, versions, the method in words. Timed is
what snnl::entanglement does: from the matrix in memory to the loss at the best temperature; imports and the making of the
matrix are not. One smaller problem is solved before, without the clock, so that no first call is timed.

Both form the squared distances once, in float32 as snnl does, leave the diagonal out, and sum over the own class
by blocks of the rows ordered by class, which spares them a second pass over all pairs.
"""

import json
import os
import sys
import time

FAR = 1e30  # stands for infinity: its weight is 0, and so is its product with a gradient


def order_by_class(x, y, np):
    order = np.argsort(y, kind="stable")
    borders = np.flatnonzero(np.diff(y[order])) + 1
    edges = [0, *borders.tolist(), len(y)]
    return x[order], [slice(a, b) for a, b in zip(edges, edges[1:])]


def sklearn_search(x, y):
    """A bounded scalar minimisation over log T, from 2^-10 to 2^3 mean distances, SciPy's default tolerance."""
    import numpy as np
    from scipy.optimize import minimize_scalar
    from scipy.special import logsumexp
    from sklearn.metrics import pairwise_distances

    x, members = order_by_class(x, y, np)
    squared = pairwise_distances(x, metric="sqeuclidean")
    mean = float(squared.mean(dtype=np.float64) * len(x) / (len(x) - 1))
    np.fill_diagonal(squared, np.inf)

    def loss(log_t):
        scaled = squared * np.float32(-np.exp(-log_t))
        total = logsumexp(scaled, axis=1).mean(dtype=np.float64)
        same = sum(float(logsumexp(scaled[c, c], axis=1).sum(dtype=np.float64)) for c in members)
        return float(total) - same / len(x)

    bounds = (np.log(mean) - 10 * np.log(2), np.log(mean) + 3 * np.log(2))
    best = minimize_scalar(loss, bounds=bounds, method="bounded")
    return float(best.fun), float(np.exp(best.x)), int(best.nfev)


STEPS = 100


def torch_search(x, y):
    """Adam on log T, learning rate 0.1, from the mean distance; gradients by autograd."""
    import numpy as np
    import torch

    x, members = order_by_class(x, y, np)
    x = torch.from_numpy(x)
    norms = (x * x).sum(1)
    squared = torch.addmm(norms[:, None] + norms[None, :], x, x.T, alpha=-2).clamp_(min=0)
    n = len(x)
    squared.fill_diagonal_(0)
    log_t = torch.tensor(float(torch.log(squared.mean(dtype=torch.float64) * n / (n - 1))), requires_grad=True)
    squared.fill_diagonal_(FAR)
    # Copies: the gradient of a slice would be a matrix of all pairs.
    own = [squared[c, c].clone() for c in members]

    def loss_at(log_t):
        scale = -torch.exp(-log_t)
        same = sum(torch.logsumexp(block * scale, 1).sum() for block in own)
        return (torch.logsumexp(squared * scale, 1).sum() - same) / n

    optimiser = torch.optim.Adam([log_t], lr=0.1)
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss_at(log_t).backward()
        optimiser.step()
    with torch.no_grad():
        return float(loss_at(log_t)), float(torch.exp(log_t)), STEPS + 1


def torch_gradient(x, y, temperature):
    """A function that computes the loss and its gradient: forward and backward by autograd, masks made beforehand."""
    import torch

    x, y = torch.from_numpy(x).requires_grad_(), torch.from_numpy(y)
    same = y[:, None] == y[None, :]
    same.fill_diagonal_(False)
    scored, others = same.any(1), ~same
    itself = torch.eye(len(y), dtype=torch.bool)

    def step():
        x.grad = None
        norms = (x * x).sum(1)
        squared = torch.addmm(norms[:, None] + norms[None, :], x, x.T, alpha=-2).clamp(min=0)
        logits = squared * (-1 / temperature)
        total = torch.logsumexp(logits.masked_fill(itself, -torch.inf), 1)
        own = torch.logsumexp(logits.masked_fill(others, -torch.inf), 1)
        loss = (total - own)[scored].mean()
        loss.backward()
        return float(loss)

    return step


def time_gradient(workload, threads, repetitions, temperature, calls):
    import torch
    from samples import samples
    torch.set_num_threads(threads)
    step = torch_gradient(*samples(**workload), temperature)
    seconds = []
    for repetition in range(repetitions + 1):  # the first one is not counted
        start = time.perf_counter()
        for _ in range(calls):
            loss = step()
        if repetition > 0:
            seconds.append((time.perf_counter() - start) / calls)
    return {"seconds": seconds, "l": loss, "versions": f"PyTorch {torch.__version__}",
            "method": "forward and backward by autograd of the same formula"}


def time_faiss(workload, threads, repetitions):
    import faiss
    from samples import samples
    faiss.omp_set_num_threads(threads)
    x, _ = samples(**workload)
    queries = len(x) // 6
    k = min(75, len(x) - queries)
    seconds = []
    for repetition in range(repetitions + 1):  # the first one is not counted
        start = time.perf_counter()
        index = faiss.IndexFlatL2(x.shape[1])
        index.add(x[queries:])
        distances, _ = index.search(x[:queries], k)
        if repetition > 0:
            seconds.append(time.perf_counter() - start)
    return {"seconds": seconds, "l": float(distances[:, -1].mean(dtype="float64")), "versions": f"FAISS {faiss.__version__}",
            "method": f"IndexFlatL2, k = {k}"}


def describe(peer):
    if peer == "sklearn":
        import scipy
        import sklearn
        return {"versions": f"scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}",
                "method": "pairwise_distances, minimize_scalar(bounded) over log T in mean distance * [2^-10, 2^3]"}
    import torch
    return {"versions": f"PyTorch {torch.__version__}", "method": f"{STEPS} steps of Adam (0.1) on log T"}


def main():
    peer, workload, threads, repetitions = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = threads  # read when the libraries are loaded, which is below
    if peer == "faiss":
        json.dump(time_faiss(workload, int(threads), repetitions), sys.stdout)
        return
    if peer == "torch-gradient":
        json.dump(time_gradient(json.loads(sys.argv[2]), int(threads), repetitions, float(sys.argv[5]),
                                int(sys.argv[6])), sys.stdout)
        return
    from samples import samples
    search = {"sklearn": sklearn_search, "torch": torch_search}[peer]
    if peer == "torch":
        import torch
        torch.set_num_threads(int(threads))
    search(*samples(**{**workload, "n": min(256, workload["n"])}))
    x, y = samples(**workload)
    seconds = []
    for _ in range(repetitions):
        start = time.perf_counter()
        l, temperature, evaluations = search(x, y)
        seconds.append(time.perf_counter() - start)
    json.dump({"seconds": seconds, "l": l, "temperature": temperature, "evaluations": evaluations, **describe(peer)},
              sys.stdout)


main()
