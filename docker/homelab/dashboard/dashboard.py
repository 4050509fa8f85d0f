"""Answers with the number of Google services in each state; 503 while the database is broken."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2


class Dashboard(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            self.answer(200, states())
        except psycopg2.Error as error:
            self.answer(503, {"error": str(error).splitlines()[0]})

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


def states():
    connection = psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=2)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT status, count(*) FROM google_service_status GROUP BY status ORDER BY status")
            return dict(cursor.fetchall())
    finally:
        connection.close()


ThreadingHTTPServer(("", 8000), Dashboard).serve_forever()
