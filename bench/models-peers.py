"""Peers of scikit-learn on the rows that bench/models-peers.ts hands over on stdin; predictions go to stdout, both JSON."""

import json
import sys
import time
import warnings

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import SplineTransformer, StandardScaler

warnings.filterwarnings("ignore")


def peers():
    return {
        "sklearn-logistic": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
        "sklearn-spline": make_pipeline(
            StandardScaler(),
            SplineTransformer(degree=3, n_knots=5, knots="quantile", extrapolation="linear"),
            LogisticRegression(max_iter=1000),
        ),
        "sklearn-random-forest": RandomForestClassifier(300, min_samples_leaf=10, n_jobs=2, random_state=0),
        "sklearn-hist-gradient-boosting": HistGradientBoostingClassifier(
            learning_rate=0.05, max_iter=100, max_leaf_nodes=15, random_state=0
        ),
    }


def filled(train, test):
    """Medians of the training rows where a value is missing; columns that are constant then stay as they are."""
    known = np.where(np.isnan(train), 0, 1).sum(axis=0)
    middle = np.where(known > 0, np.nanmedian(np.where(known > 0, train, 0), axis=0), 0)
    return np.where(np.isnan(train), middle, train), np.where(np.isnan(test), middle, test)


def run(project):
    train = np.array(project["train"], dtype=float)
    test = np.array(project["test"], dtype=float)
    labels = np.array(project["labels"])
    logs = project["logs"]
    for rows in (train, test):
        rows[:, logs] = np.log1p(np.maximum(rows[:, logs], 0))
    x, z = filled(train, test)
    # A column without spread has no quantiles to put knots at.
    spread = x.std(axis=0) > 0
    answers = {}
    for name, model in peers().items():
        keep = spread if name == "sklearn-spline" else slice(None)
        started = time.perf_counter()
        model.fit(x[:, keep], labels)
        trained = time.perf_counter()
        probabilities = model.predict_proba(z[:, keep])[:, 1]
        done = time.perf_counter()
        answers[name] = {
            "probabilities": probabilities.tolist(),
            "trainMs": (trained - started) * 1e3,
            "predictUs": (done - trained) * 1e6 / len(z),
        }
    return answers


json.dump([run(project) for project in json.load(sys.stdin)], sys.stdout)
