"""What end-to-end and chaos tests speak with: persons, the fund, the printer, the mailbox, the topics."""
