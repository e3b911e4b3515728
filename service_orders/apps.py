from django.apps import AppConfig


class ServiceOrdersConfig(AppConfig):
    name = "service_orders"
