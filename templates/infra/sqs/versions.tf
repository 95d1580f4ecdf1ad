terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0" # tried with 5.100.0
    }
  }
}

provider "aws" {
  region = var.region
}
