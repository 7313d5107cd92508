from .crate import CRATE, CrateFacts, write_crate
from .names import Form, check_forms
from .one_pass import make_forms

__all__ = [
    "CRATE",
    "CrateFacts",
    "Form",
    "check_forms",
    "make_forms",
    "write_crate",
]
