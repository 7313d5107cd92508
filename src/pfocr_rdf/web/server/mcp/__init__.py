"""A release for assistants: tools and resources of the Model Context Protocol, over stdio and HTTP.

`tools` has what can be asked, and knows nothing of the protocol; `wiring` says it by the SDK, and
`stdio` and `http` carry it. It lies in the room of the server as it asks by the same workers, within
the same limits. The SDK is imported when the first assistant calls: it takes a second.

Source: https://modelcontextprotocol.io/specification/2025-11-25
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
