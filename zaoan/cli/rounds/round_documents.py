"""The report of a round, and its certificate, for programs."""

from typing import Any

from campaigns.reports.report_words import place
from campaigns.reports.round_report import FullReport, Share
from campaigns.reports.verification import Certificate
from core import settings


def report_document(full: FullReport, certificate: Certificate) -> dict[str, Any]:
    """The report for programs."""
    return {
        "round": str(full.round_id),
        "campaign": full.campaign,
        "kind": full.kind,
        "due_at": full.due_at.isoformat(),
        "started_at": full.started_at.isoformat(),
        "deadline": full.deadline.isoformat(),
        "completed_at": full.completed_at.isoformat() if full.completed_at else None,
        "version": full.version,
        "terms": full.terms,
        "audience": full.audience.sentence,
        "enrolled": full.enrolled,
        "open": full.open,
        "counts": dict(full.counts),
        "attempts": {str(attempts): people for attempts, people in full.attempts.items()},
        "by_grid": [_share(each) for each in full.grids],
        "by_building": [_share(each) for each in full.buildings],
        "by_flag": [_share(each) for each in full.flags],
        "time_line": [{"at": each.at.isoformat(), "calls": each.rung, "answered": each.answered,
                       "decided": each.decided} for each in full.time_line],
        "exceptions": [
            {"resident": line.asked.name, "resident_id": str(line.asked.resident_id),
             "place": place(line, settings.current().language), "outcome": line.asked.outcome,
             "attempts": line.asked.attempts, "case": str(line.asked.case_id) if line.asked.case_id else None,
             "case_state": line.asked.case_state, "finding": line.asked.case_finding}
            for line in full.exceptions
        ],
        "before": [{"round": str(each.round_id), "due_at": each.due_at.isoformat(), "enrolled": each.enrolled,
                    "counts": dict(each.counts)}
                   for each in full.before],
        "silence_clusters": [
            {"common": each.common, "name": each.name, "silent": each.silent, "rung": each.rung,
             "others_silent": each.others_silent, "others_rung": each.others_rung, "residents": list(each.names),
             "case": str(each.case_id)} for each in full.clusters
        ],
        "remarks": [{"resident": full.names.get(each.resident_id, ""), "resident_id": str(each.resident_id),
                     "kind": each.kind, "facts": dict(each.facts)} for each in full.remarks],
        "certificate": certificate_document(certificate),
    }  # fmt: skip


def certificate_document(certificate: Certificate) -> dict[str, Any]:
    """The certificate for programs."""
    return {
        "round": str(certificate.round_id),
        "holds": certificate.holds,
        "enrolled": certificate.enrolled,
        "open": certificate.open,
        "counts": dict(certificate.counts),
        "violations": {rule.value: list(names) for rule, names in certificate.violations.items()},
        "unchecked": [each.value for each in certificate.unchecked],
        "digest": certificate.digest,
    }


def _share(each: Share) -> dict[str, Any]:
    return {"name": each.name, "enrolled": each.enrolled, "answered": each.answered, "silent": each.silent}
