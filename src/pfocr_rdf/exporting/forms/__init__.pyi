from .crate import CrateFacts, write_crate
from .names import Form, check_forms
from .one_pass import make_forms

__all__ = [
    "CrateFacts",
    "Form",
    "check_forms",
    "make_forms",
    "write_crate",
]
