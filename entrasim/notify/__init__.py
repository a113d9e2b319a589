"""How notices reach people: by webhook, by mail."""

from entrasim.notify.channels import Channel, Channels, DeliveryError
from entrasim.notify.mail import Mail, MailServer
from entrasim.notify.webhook import Webhook

__all__ = ["Channel", "Channels", "DeliveryError", "Mail", "MailServer", "Webhook"]
