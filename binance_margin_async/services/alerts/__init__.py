"""Alerts on their way to people: who is told, through which channel, and what became of it."""

from binance_margin_async.services.alerts.apprise_channel import AppriseChannel
from binance_margin_async.services.alerts.channel import Channel, LogChannel, TerminalChannel
from binance_margin_async.services.alerts.command import CommandChannel
from binance_margin_async.services.alerts.webhook import WebhookChannel

__all__ = ["AppriseChannel", "Channel", "CommandChannel", "LogChannel", "TerminalChannel", "WebhookChannel"]
