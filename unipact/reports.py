"""Says a report as a person reads it: what, how far, how sure, who said so, in which words."""

from __future__ import annotations

from rich.text import Text

from kg.explanations import Evidence, Report


def report_text(report: Report, indent: str = "  ") -> Text:
    """Return the report with its evidence, each passage on a line of its own."""
    said = f", according to {', '.join(report.according_to)}" if report.according_to else ""
    sure = "" if report.certainty in ("", "stated") else f", {report.certainty}"
    status = report.status or report.reality
    how = f" [{status}{sure}{said}]" if status or sure or said else ""
    text = Text.assemble(indent, (report.kind, "italic"), how, f"  {report.summary}")
    for evidence in report.evidence:
        text.append("\n").append_text(_evidence_text(evidence, indent + "  "))
    return text


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
