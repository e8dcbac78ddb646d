"""A Wi-Fi network as a device remembers it."""

from __future__ import annotations

from attrs import field, frozen

from particle_cli.simulators.network.air import AccessPoint
from particle_cli.simulators.network.security import Cipher, Eap, Security


@frozen
class Enterprise:
    """By what a device makes itself known to an enterprise network.

    Attributes:
        eap: the method.
        username: PEAP's inner identity.
        outer_identity: what is shown to everybody, or empty.
        client_certificate, private_key: the device's own, for TLS.
        root_ca: whom the device trusts, or empty.
    """

    eap: Eap
    username: str = ""
    outer_identity: str = ""
    client_certificate: bytes = field(default=b"", repr=False)
    private_key: bytes = field(default=b"", repr=False)
    root_ca: bytes = field(default=b"", repr=False)


@frozen
class KnownNetwork:
    """A network and the credentials for it.

    Attributes:
        ssid: its name.
        security: what the device believes that the network asks for.
        password: of the network; with PEAP that of the user.
        hidden: whether the device asks for it by name, as it must when the network hides.
        cipher: with which encryption; only Gen 2 devices keep it.
        enterprise: with enterprise security, who the device is.
    """

    ssid: str
    security: Security = Security.NO_SECURITY
    password: str = field(default="", repr=False)
    hidden: bool = False
    cipher: Cipher = Cipher.UNSET
    enterprise: Enterprise | None = None

    def opens(self, access_point: AccessPoint, *, security_matters: bool = True) -> bool:
        """Tell whether an access point of that network lets a device in that knows this of it.

        Args:
            access_point: of any network.
            security_matters: whether the device insists on the security that it remembers; an ESP32 goes by
                what the access point says of itself.
        """
        if access_point.ssid != self.ssid or (access_point.hidden and not self.hidden):
            return False
        if security_matters and not access_point.security.admits(self.security):
            return False
        if access_point.security.is_enterprise:
            return self._is_let_in_by_name(access_point)
        return self.password == access_point.password or access_point.security is Security.NO_SECURITY

    def _is_let_in_by_name(self, access_point: AccessPoint) -> bool:
        who = self.enterprise
        if who is None:
            return False
        if who.eap is Eap.TLS:
            return bool(who.client_certificate and who.private_key)
        return (who.username, self.password) == (access_point.username, access_point.password)
