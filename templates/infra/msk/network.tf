# Give your producers and consumers the security group `clients`; nothing else reaches the brokers. One that runs
# already keeps the network that it has.

data "aws_subnet" "first" {
  count = local.makes_cluster ? 1 : 0

  id = var.subnet_ids[0]
}

resource "aws_security_group" "clients" {
  count = local.makes_cluster ? 1 : 0

  name_prefix = "${var.name}-clients-"
  description = "Producers and consumers of ${var.name}"
  vpc_id      = data.aws_subnet.first[0].vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "brokers" {
  count = local.makes_cluster ? 1 : 0

  name_prefix = "${var.name}-brokers-"
  description = "Brokers of ${var.name}"
  vpc_id      = data.aws_subnet.first[0].vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  # The listener of each way to sign in: https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html
  port = local.is_iam ? 9098 : local.is_scram ? 9096 : 9094
}

resource "aws_vpc_security_group_ingress_rule" "clients_to_brokers" {
  count = local.makes_cluster ? 1 : 0

  security_group_id            = aws_security_group.brokers[0].id
  referenced_security_group_id = aws_security_group.clients[0].id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_vpc_security_group_egress_rule" "clients_to_brokers" {
  count = local.makes_cluster ? 1 : 0

  security_group_id            = aws_security_group.clients[0].id
  referenced_security_group_id = aws_security_group.brokers[0].id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}
