"""Says a report as a person reads it: what, how far, how sure, who said so, in which words."""

from __future__ import annotations

from rich.text import Text

from kg.explanations import Evidence, Report

_GLANCE = 100  # characters of a quote where it is only pointed at


def report_text(report: Report, indent: str = "  ") -> Text:
    """Return the report with its evidence, each passage on a line of its own."""
    text = Text.assemble(indent, _head(report), f"  {report.summary}")
    for evidence in report.evidence:
        text.append("\n").append_text(_evidence_text(evidence, indent + "  "))
    return text


def report_glance(report: Report, indent: str = "    ") -> Text:
    """Return the report as one line: enough to recognise it where it is told in full elsewhere."""
    text = Text.assemble(indent, "from ", _head(report))
    for evidence in report.evidence[:1]:
        words = evidence.words
        short = words if len(words) <= _GLANCE else f"{words[:_GLANCE].rsplit(' ', 1)[0]} …"
        text.append(f"  “{short}” ({evidence.published})", "dim")
    return text


def _head(report: Report) -> Text:
    said = f", according to {', '.join(report.according_to)}" if report.according_to else ""
    sure = "" if report.certainty in ("", "stated") else f", {report.certainty}"
    status = report.status or report.reality
    how = f" [{status}{sure}{said}]" if status or sure or said else ""
    return Text.assemble((report.kind, "italic"), how)


def _evidence_text(evidence: Evidence, indent: str) -> Text:
    mark = "restated" if evidence.restated else "quoted"
    span = f"characters {evidence.start}-{evidence.end}"
    text = Text(
        f"{indent}“{evidence.words}” ({mark}; {evidence.title}, {evidence.published}, {span})",
        "dim",
    )
    for words in evidence.original_words:
        text.append(f"\n{indent}original: “{words}”", "dim")
    return text
