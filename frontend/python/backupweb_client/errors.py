"""What can go wrong outside the sealed format: each says what happened and what to do next."""


class ClientError(Exception):
    """Shown to the person as it is: a sentence, and a next step."""

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(f"{message} {next_step}".strip())
        self.message = message
        self.next_step = next_step


class NotSignedInError(ClientError):
    def __init__(self) -> None:
        super().__init__("You are not signed in.", "Run `backupweb-client login URL` first.")


class WrongRecoveryCodeError(ClientError):
    def __init__(self) -> None:
        super().__init__(
            "This recovery code belongs to another library.",
            "Check that the sheet is the one of this account and that you signed in to the right server.",
        )


class KeyChangedError(ClientError):
    def __init__(self) -> None:
        super().__init__("The key of this library was changed.", "Run the command again with the newest recovery code.")


class NoLibraryError(ClientError):
    def __init__(self) -> None:
        super().__init__(
            "This account has no library yet.", "Open the site in a browser once and keep the recovery code it shows."
        )


class OverQuotaError(ClientError):
    """`missing` is how many bytes too few are free, where that is known."""

    def __init__(self, missing: int | None) -> None:
        lack = "" if missing is None else f" {missing:,} bytes are missing."
        super().__init__(
            f"The export does not fit into your quota.{lack}", "Delete imports, or ask the operator for more."
        )
        self.missing = missing


class ServerRefusedError(ClientError):
    """The server's own refusal: a code, and numbers that belong to it."""

    def __init__(self, status: int, code: str, message: str, params: dict[str, int]) -> None:
        super().__init__(f"The server refused: {message or code} ({code})")
        self.status = status
        self.code = code
        self.params = params


class UnexpectedAnswerError(ClientError):
    def __init__(self, what: str) -> None:
        super().__init__(
            f"The server's answer to {what} was not understood.", "Check the address and the server's version."
        )


class UnreachableError(ClientError):
    def __init__(self, server: str) -> None:
        super().__init__(f"{server} cannot be reached.", "Check the address and the network, then try again.")
