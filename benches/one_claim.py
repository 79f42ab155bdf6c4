#!/usr/bin/env python3
"""A program in numpy that settles one annual claim per ill person: what fundcast is compared with.

It is what a careful user of numpy would write: identity holders of one county in columns, one draw of who falls ill,
one annual cost each, and every layer of the Fangchenggang rules on the annual totals of all ill persons at once.
It leaves out what annual totals cannot have: several stays with their deductibles, months, chronic and major
conditions, persistence, lists, applications, households.

    python3 benches/one_claim.py [--replicates N] [--rounds N]

prints one line of JSON: nanoseconds per claim (per ill person), the middle round and the spread.
"""

import argparse
import csv
import json
import pathlib
import statistics
import sys
import time

try:
    import numpy as np
except ImportError:
    sys.exit("numpy is not installed")

YUAN = 100  # amounts are whole fen in float64: exact below 2^53

# scenarios/places/fangchenggang/categories.csv: persons of this county by category (Shangsi, about 40,000 persons)
COUNTY = "450621"
# One claim in so many of the dibao is a severely disabled person's: population.traits.severe_disability of place.toml.
SEVERE_SHARE = 0.027
LIFTED, MONITORED = ["stable_lifted"], ["monitored_unstable", "monitored_marginal", "monitored_sudden"]
FIRST_CLASS = ["tekun", "orphan", "unattended_child"]

# scenarios/models/guangxi.toml: admissions and cost of 2024, factors by category, hospital levels.
STAYS_PER_YEAR, YUAN_PER_STAY = 0.217, 7408.0
ADMISSIONS = {
    "tekun": 1.54, "orphan": 1.1, "unattended_child": 1.1, "dibao": 1.8, "dibao_severe": 1.8, "dibao_margin": 1.54,
    "returned_poor": 1.54, "monitored_unstable": 1.54, "monitored_marginal": 1.54, "monitored_sudden": 2.0,
    "illness_poor": 2.2, "stable_lifted": 1.54,
}  # fmt: skip
COST = {
    "tekun": 0.85, "orphan": 0.9, "unattended_child": 0.9, "dibao": 0.9, "dibao_severe": 0.9, "dibao_margin": 0.9,
    "returned_poor": 0.9, "monitored_unstable": 0.9, "monitored_marginal": 0.9, "monitored_sudden": 1.0,
    "illness_poor": 1.1, "stable_lifted": 0.9,
}  # fmt: skip
CLASSES = list(ADMISSIONS)
LEVEL_SHARE = np.array([0.25, 0.45, 0.24, 0.06])  # primary, secondary, tertiary, provincial
LEVEL_COST = np.array([3623.0, 6626.0, 12909.0, 18073.0])
LOG_SD = 1.0  # of the annual cost: wider than one stay's 0.64, because years differ in stays too
LEAST, MOST = 50 * YUAN, 3_000_000 * YUAN
OUT_OF_CATALOGUE = np.array([0.05, 0.08, 0.12, 0.15])

# scenarios/policies/guangxi-common.toml: basic insurance of residents by level, first stay's deductible, cap of 2024.
BASIC_RATIO = np.array([0.90, 0.75, 0.60, 0.55])
BASIC_DEDUCTIBLE = np.array([100.0, 300.0, 600.0, 600.0]) * YUAN
BASIC_CAP = 238_200.0 * YUAN
# The same file: critical-illness insurance, bands above the deductible.
CRITICAL_DEDUCTIBLE, CRITICAL_CAP = 12_000.0 * YUAN, 500_000.0 * YUAN
CRITICAL_BANDS = np.array([50_000.0, 100_000.0]) * YUAN
CRITICAL_RATIO = np.array([0.60, 0.70, 0.80])

# The rules by class; scenarios/policies/fangchenggang-2022-08.toml has them with these clauses.


def by_class(default, *rules):
    """A column with one value for each class."""
    values = np.full(len(CLASSES), float(default))
    for names, value in rules:
        values[[CLASSES.index(name) for name in names]] = value
    return values


DIBAO = ["dibao", "dibao_severe"]
TILTED_BY_10 = [*FIRST_CLASS, *DIBAO, "dibao_margin", "returned_poor", *MONITORED]
# FCG-07: half the deductible; ten points more, stable lifted-out persons five; no cap. Only illness_poor has none of it.
C_DEDUCTIBLE = CRITICAL_DEDUCTIBLE * by_class(1.0, ([*TILTED_BY_10, *LIFTED], 0.5))
C_RAISE = by_class(0.0, (TILTED_BY_10, 0.10), (LIFTED, 0.05))
C_CAP = by_class(np.inf, (["illness_poor"], CRITICAL_CAP))
# FCG-17: the patient pays at most a tenth of the bill for what is outside the catalogue; the hospital bears the rest.
OUTSIDE_LIMIT = by_class(0.10, (["illness_poor", "returned_poor"], 1.0))
# FCG-08 (first three rows), FCG-10 (next two), FCG-11 (stable lifted-out): ratio, deductible, annual cap.
A_RATIO = by_class(
    0.0, (FIRST_CLASS, 1.0), (["dibao_severe"], 0.95), (["dibao"], 0.90),
    (["dibao_margin"], 0.80), ([*MONITORED, "returned_poor"], 0.70), (LIFTED, 0.50),
)  # fmt: skip
A_DEDUCTIBLE = YUAN * by_class(0, (["dibao_margin", *MONITORED, "returned_poor", *LIFTED], 3_000))
A_CAP = YUAN * by_class(0, (FIRST_CLASS, 60_000), (["dibao_severe"], 50_000), (["dibao"], 30_000),
                        (["dibao_margin", *MONITORED, "returned_poor", *LIFTED], 20_000))  # fmt: skip
# FCG-15: monitored persons with 10,000 or more left: topped up to 90 %, all assistance at most 100,000.
TILT_TRIGGER = YUAN * by_class(np.inf, (MONITORED, 10_000))
TILT_TARGET, TILT_CAP = 0.90, 100_000.0 * YUAN


def rounded(amount):
    """Half up to the fen."""
    return np.floor(amount + 0.5)


def settle(who, level, cost, outside):
    """The payments on annual bills in fen, as columns: hospital, basic, critical, assistance, tilt."""
    provider = np.maximum(outside - rounded(OUTSIDE_LIMIT[who] * cost), 0.0)
    in_scope = cost - outside
    basic = np.minimum(rounded(BASIC_RATIO[level] * np.maximum(in_scope - BASIC_DEDUCTIBLE[level], 0.0)), BASIC_CAP)
    left = in_scope - basic

    above = np.maximum(left - C_DEDUCTIBLE[who], 0.0)
    critical = np.zeros_like(left)
    some = np.flatnonzero(above)  # few: the bands are worked out for these only
    above, raised = above[some], C_RAISE[who[some]]
    first, second = CRITICAL_BANDS
    paid = (CRITICAL_RATIO[0] + raised) * np.minimum(above, first)
    paid += (CRITICAL_RATIO[1] + raised) * np.clip(above - first, 0.0, second - first)
    paid += (CRITICAL_RATIO[2] + raised) * np.maximum(above - second, 0.0)
    critical[some] = np.minimum(rounded(paid), C_CAP[who[some]])
    left = left - critical

    assistance = np.minimum(rounded(A_RATIO[who] * np.maximum(left - A_DEDUCTIBLE[who], 0.0)), A_CAP[who])
    left = left - assistance

    tilt = np.zeros_like(left)
    some = np.flatnonzero(left >= TILT_TRIGGER[who])
    top_up = rounded(TILT_TARGET * in_scope[some]) - (in_scope[some] - left[some])
    tilt[some] = np.clip(top_up, 0.0, TILT_CAP - assistance[some])
    return provider, basic, critical, assistance, tilt


def check_by_hand():
    """Two persons worked out with pencil and paper."""
    # A severely disabled person on dibao, tertiary hospital, 52,000 yuan, 6,240 outside the catalogue:
    # a tenth of 52,000 is 5,200, the hospital bears 1,040; in scope 45,760; basic 0.60 x (45,760 - 600) = 27,096;
    # left 18,664; critical 0.70 x (18,664 - 6,000) = 8,864.80; left 9,799.20; assistance 0.95 x 9,799.20 = 9,309.24.
    # A monitored person, hospital of the region, 250,000 yuan, 37,500 outside: the hospital bears 12,500; in scope
    # 212,500; basic 0.55 x 211,900 = 116,545; left 95,955; above 6,000 there are 89,955: 0.70 x 50,000
    # + 0.80 x 39,955 = 66,964; left 28,991; assistance 0.70 x 25,991 = 18,193.70; left 10,797.30, which is above
    # 10,000 but below a tenth of the in-scope cost: no tilt.
    who = np.array([CLASSES.index("dibao_severe"), CLASSES.index("monitored_sudden")])
    level = np.array([2, 3])
    cost, outside = np.array([52_000.0, 250_000.0]) * YUAN, np.array([6_240.0, 37_500.0]) * YUAN
    wanted = [[1_040, 12_500], [27_096, 116_545], [8_864.80, 66_964], [9_309.24, 18_193.70], [0, 0]]
    for got, by_hand in zip(settle(who, level, cost, outside), wanted, strict=True):
        assert np.array_equal(got, np.rint(np.array(by_hand) * YUAN)), (got / YUAN, by_hand)


def persons():
    """The class of each identity holder of the county."""
    place = pathlib.Path(__file__).resolve().parent.parent / "scenarios/places/fangchenggang/categories.csv"
    with place.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["code"] == COUNTY]
    who = np.concatenate([np.full(int(row["persons"]), CLASSES.index(row["category"])) for row in rows])
    dibao = np.flatnonzero(who == CLASSES.index("dibao"))
    who[dibao[: int(SEVERE_SHARE * len(dibao))]] = CLASSES.index("dibao_severe")
    return who


def main():
    """Checks, simulates, prints."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--replicates", type=int, default=200)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seed", type=int, default=20220801)
    asked = arguments.parse_args()
    check_by_hand()

    who = persons()
    stays = STAYS_PER_YEAR * np.array(list(ADMISSIONS.values()))
    chance = 1.0 - np.exp(-stays)  # of any stay in the year
    mean_yuan = YUAN_PER_STAY * np.array(list(COST.values())) * stays / chance
    level_factor = LEVEL_COST / (LEVEL_SHARE @ LEVEL_COST)
    log_mean = np.log(mean_yuan * YUAN)[:, None] + np.log(level_factor)[None, :] - LOG_SD**2 / 2
    person_chance = chance[who].astype(np.float32)
    level_below = np.cumsum(LEVEL_SHARE)[:-1]

    rng = np.random.Generator(np.random.SFC64(asked.seed))  # the fastest generator of numpy
    per_claim, claims, booked = [], 0, np.zeros((5, len(CLASSES)))
    for _ in range(asked.rounds):
        began, before = time.perf_counter(), claims
        for _ in range(asked.replicates):
            ill = np.flatnonzero(rng.random(len(who), dtype=np.float32) < person_chance)
            their = who[ill]
            level = np.searchsorted(level_below, rng.random(len(ill)), side="right")
            cost = np.exp(log_mean[their, level] + LOG_SD * rng.standard_normal(len(ill)))
            cost = np.clip(rounded(cost), LEAST, MOST)
            outside = rounded(OUT_OF_CATALOGUE[level] * cost)
            for line, paid in zip(booked, settle(their, level, cost, outside), strict=True):
                line += np.bincount(their, weights=paid, minlength=len(CLASSES))
            claims += len(ill)
        per_claim.append(1e9 * (time.perf_counter() - began) / (claims - before))
    middle = statistics.median(per_claim)
    answer = {
        "ns_per_claim": round(middle, 2), "least": round(min(per_claim), 2), "most": round(max(per_claim), 2),
        "claims": claims, "persons": len(who), "ill_share": round(claims / (asked.rounds * asked.replicates * len(who)), 4),
        "assistance_yuan_per_claim": round(booked[3:].sum() / YUAN / claims, 2), "numpy": np.__version__,
    }  # fmt: skip
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
