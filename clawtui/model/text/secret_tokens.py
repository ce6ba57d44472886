"""Tokens that are recognized by their form alone, without a name before them.

The formats are those that the services document and that the rules of gitleaks and the plugins of detect-secrets list.
Each has a literal prefix, which is searched for; an example of each is made from its row.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Final, Literal

from msgspec import Struct

from clawtui.model.text.lazy_pattern import lazy_pattern
from clawtui.model.text.secret_rule import MASK, Rule, compiled, mask_value, mask_whole, substitute

Alphabet = Literal["word", "letters", "capitals", "hex", "dotted", "base64"]
_CHARACTERS: Final[dict[Alphabet, tuple[str, str]]] = {
    "word": (r"[\w-]", "Ab3-dE_"),
    "letters": ("[A-Za-z0-9]", "Ab3dE"),
    "capitals": ("[A-Z0-9]", "AB3DE"),
    "hex": ("[0-9a-f]", "ab3de"),
    "dotted": (r"[\w.-]", "Ab3.dE"),
    "base64": ("[A-Za-z0-9+/=]", "Ab3+dE/"),
}
"""The alphabets of tokens: the class of a regular expression, and some of its characters for examples."""


class TokenFormat(Struct, frozen=True):
    """The format of the tokens of one service."""

    issuer: str
    prefixes: tuple[str, ...]
    least: int
    """The least number of characters after the prefix."""
    alphabet: Alphabet = "word"

    def pattern(self, prefix: str) -> str:
        """Return the regular expression of the tokens that begin with ``prefix``."""
        start = re.escape(prefix)
        return rf"{start}(?<!\w{start}){_CHARACTERS[self.alphabet][0]}{{{self.least},}}+"

    def example(self, prefix: str) -> str:
        """Return an example of a token with ``prefix``, of the least length."""
        return prefix + (_CHARACTERS[self.alphabet][1] * self.least)[: self.least]


TOKEN_FORMATS: Final = (
    TokenFormat("GitHub", ("ghp_", "gho_", "ghs_", "ghu_", "ghr_"), 16, "letters"),
    TokenFormat("GitHub, for some repositories", ("github_pat_",), 20),
    TokenFormat("GitLab", ("glpat-", "glptt-", "gldt-", "glrt-", "glcbt-", "glsoat-", "glft-", "glimt-"), 16, "dotted"),
    TokenFormat("GitLab, for applications", ("gloas-", "glffct-", "glagent-", "GR1348941"), 16),
    TokenFormat("Bitbucket and Atlassian", ("ATATT3", "ATBB", "ATCTT3"), 20),
    TokenFormat(
        "Slack", ("xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-", "xoxe."), 16, "dotted"
    ),
    TokenFormat("OpenAI, Anthropic and their like", ("sk-",), 20),
    TokenFormat("Hugging Face", ("hf_", "api_org_"), 20, "letters"),
    TokenFormat("Groq, xAI, Perplexity, Replicate, Tavily", ("gsk_", "xai-", "pplx-", "r8_", "tvly-"), 20),
    TokenFormat("Stripe", ("sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_", "whsec_"), 16),
    TokenFormat("AWS", ("AKIA", "ASIA", "ABIA", "ACCA"), 16, "capitals"),
    TokenFormat("AWS Bedrock", ("ABSK", "bedrock-api-key-"), 20, "base64"),
    TokenFormat("Google", ("AIza", "GOCSPX-", "1//0"), 20),
    TokenFormat("Google, for a time", ("ya29.",), 16, "dotted"),
    TokenFormat("Alibaba", ("LTAI",), 16, "letters"),
    TokenFormat("DigitalOcean", ("dop_v1_", "doo_v1_", "dor_v1_"), 16, "hex"),
    TokenFormat("Databricks", ("dapi",), 32, "hex"),
    TokenFormat("npm, RubyGems, crates.io", ("npm_", "rubygems_", "cio"), 30, "letters"),
    TokenFormat("PyPI", ("pypi-",), 16),
    TokenFormat("NuGet", ("oy2",), 43, "letters"),
    TokenFormat("Clojars", ("CLOJARS_",), 40, "letters"),
    TokenFormat("Artifactory", ("AKCp", "cmVmd"), 50, "letters"),
    TokenFormat("Docker", ("dckr_pat_", "dckr_oat_"), 16),
    TokenFormat("SendGrid", ("SG.",), 20, "dotted"),
    TokenFormat("Brevo", ("xkeysib-",), 30),
    TokenFormat("Mailgun", ("key-",), 32, "hex"),
    TokenFormat("Twilio", ("SK",), 32, "hex"),
    TokenFormat("Shopify", ("shpat_", "shpca_", "shppa_", "shpss_"), 20, "hex"),
    TokenFormat("Square", ("sq0atp-", "sq0csp-", "EAAA"), 22),
    TokenFormat("Facebook", ("EAAM", "EAAC"), 60, "letters"),
    TokenFormat("Vault", ("hvs.", "hvb.", "hvr."), 20),
    TokenFormat("Doppler", ("dp.pt.", "dp.ct.", "dp.st.", "dp.sa."), 20, "dotted"),
    TokenFormat("Dynatrace", ("dt0c01.",), 24, "dotted"),
    TokenFormat("Grafana", ("glc_", "glsa_"), 20),
    TokenFormat("Sentry", ("sntrys_", "sntryu_"), 20, "base64"),
    TokenFormat("New Relic", ("NRAK-", "NRJS-", "NRII-"), 19),
    TokenFormat("Linear, Notion, Airtable, Figma", ("lin_api_", "ntn_", "figd_"), 20),
    TokenFormat("Notion, until 2024", ("secret_",), 40, "letters"),
    TokenFormat("Airtable", ("pat",), 40, "dotted"),
    TokenFormat("Postman", ("PMAK-",), 24),
    TokenFormat("Pulumi", ("pul-",), 40, "hex"),
    TokenFormat("Supabase, Netlify, PlanetScale, Prefect", ("sbp_", "nfp_", "pscale_", "pnu_"), 20),
    TokenFormat("Tailscale", ("tskey-",), 16),
    TokenFormat("Fly.io", ("fo1_", "fm1r_", "fm1a_", "fm2_"), 30, "base64"),
    TokenFormat("Heroku", ("HRKU-AA",), 30),
    TokenFormat("Cloudflare", ("v1.0-",), 24, "hex"),
    TokenFormat("OpenShift", ("sha256~",), 30),
    TokenFormat("Octopus", ("API-",), 26, "capitals"),
    TokenFormat("Shippo, EasyPost, Duffel", ("shippo_live_", "EZAK", "EZTK", "duffel_live_"), 30),
    TokenFormat("Dropbox", ("sl.",), 60),
    TokenFormat("1Password", ("ops_eyJ",), 30, "base64"),
    TokenFormat("age", ("AGE-SECRET-KEY-1",), 30, "capitals"),
)

_BY_PREFIX: Final = tuple((prefix, row.pattern(prefix)) for row in TOKEN_FORMATS for prefix in row.prefixes)


def _any_prefix() -> str:
    """Return one pattern for all prefixes; it begins with a class of characters, which excludes most texts fast."""
    by_first: dict[str, list[str]] = {}
    for prefix, _ in _BY_PREFIX:
        by_first.setdefault(prefix[0], []).append(re.escape(prefix[1:]))
    rest = "|".join(f"(?<={first})(?:{'|'.join(ends)})" for first, ends in by_first.items())
    return rf"[{''.join(by_first)}](?<!\w.)(?:{rest})(?=[\w.+/=-]{{10}})"


_ANY_PREFIX: Final = _any_prefix()
_SHORT: Final = 100
"""Most characters in which each prefix is searched for: compiling the pattern takes as long as a thousand searches."""
_LONG_RUN: Final = lazy_pattern(r"[A-Za-z0-9_.+/=~-]{20,}+")
"""A run of characters without which a text contains no token of a known form."""


def _may_have_token(runs: str) -> bool:
    """Return whether a token may begin in ``runs``; one pattern for all prefixes pays only for longer texts."""
    if len(runs) <= _SHORT:
        return any(prefix in runs for prefix, _ in _BY_PREFIX)
    return compiled(_ANY_PREFIX).search(runs) is not None


def mask_issued_tokens(text: str) -> str:
    """Return ``text`` with each token masked that has one of the known beginnings."""
    runs = _LONG_RUN.findall(text)
    if not runs or not _may_have_token(" ".join(runs)):
        return text
    for prefix, pattern in _BY_PREFIX:
        if prefix in text:
            text = compiled(pattern).sub(mask_whole, text)
    return text


def is_issued_token(text: str) -> bool:
    """Return whether ``text`` begins with a token of a known form."""
    return any(text.startswith(prefix) and compiled(pattern).match(text) for prefix, pattern in _BY_PREFIX)


def _examples() -> tuple[tuple[str, str], ...]:
    return tuple((f"is {row.example(prefix)}!", f"is {MASK}!") for row in TOKEN_FORMATS for prefix in row.prefixes)


_JWT: Final = r"eyJ(?<!\weyJ)(?<!-eyJ)[\w-]{8,}+\.[\w-]{8,}+\.[\w-]*+(?:\.[\w-]++){0,2}"
_PEM: Final = (
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)"
)
_DISCORD: Final = r"\.(?:(?<=[MNO][\w-]{23}\.)|(?<=[MNO][\w-]{25}\.))(?P<value>[\w-]{6}\.[\w-]{27,}+)"
_AZURE: Final = r"Q~(?<=[\w.~-]{4}Q~)[\w.~-]{30,}+"

FORM_RULES: Final = (
    Rule(
        "a private key",
        ("private key",),
        partial(substitute, pattern=_PEM, replace=mask_whole, flags=re.S),
        masks=(
            ("-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----\ny", f"{MASK}\ny"),
            ("-----BEGIN PGP PRIVATE KEY BLOCK-----\nx, and cut", MASK),
        ),
        keeps=("-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----",),
    ),
)
"""Rules that are applied before all others, because their secrets can look like matches of any rule."""

TOKEN_RULES: Final = (
    Rule(
        "a token that a service issued",
        (),
        mask_issued_tokens,
        masks=_examples(),
        keeps=("sk-short ghp_short", "the task-force-of-many-people-and-things", "npm_config_registry"),
    ),
    Rule(
        "a JSON web token",
        ("eyj",),
        partial(substitute, pattern=_JWT, replace=mask_whole),
        masks=((f"it was eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.{'Ab3dE' * 9}!", f"it was {MASK}!"),),
        keeps=("eyJ is how it begins",),
    ),
    Rule(
        "the token of a Discord bot",
        (".",),
        partial(substitute, pattern=_DISCORD, replace=mask_value),
        masks=((f"is M{'Ab3d' * 5}abc.Ab3dE_.{'Ab3dE' * 6}!", f"is M{'Ab3d' * 5}abc.{MASK}!"),),
        keeps=("MyModule.many_words.and_so_on",),
    ),
    Rule(
        "a client secret of Azure",
        ("q~",),
        partial(substitute, pattern=_AZURE, replace=mask_whole),
        masks=((f"is abc8Q~{'Ab3dE' * 7}!", f"is abc8{MASK}!"),),
        keeps=("Q~ alone",),
    ),
)
"""Rules that are applied after those for names, and leave values that are masked by name unchanged."""
