"""What every route takes and gives: one table, and the OpenAPI document that it makes.

`operations` has the table, `operation` what a row is, `schemas` what is sent and answered, and
`document` makes /openapi.json of them.
"""

from server.openapi.document import document, routes
from server.openapi.operation import Operation, Parameter
from server.openapi.operations import OPERATIONS

__all__ = ["OPERATIONS", "Operation", "Parameter", "document", "routes"]
