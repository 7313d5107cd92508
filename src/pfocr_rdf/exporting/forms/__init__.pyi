from .crate import CrateFacts, published, write_crate
from .names import Form, check_forms
from .one_pass import make_forms

__all__ = [
    "CrateFacts",
    "Form",
    "check_forms",
    "make_forms",
    "published",
    "write_crate",
]
