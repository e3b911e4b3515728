from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from backoffice.board import views

urlpatterns = [
    path("board", RedirectView.as_view(pattern_name="board", query_string=True)),
    path("board/", admin.site.admin_view(views.board), name="board"),
    path("board/orders", views.orders, name="board-orders"),
]
