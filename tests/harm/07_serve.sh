#!/usr/bin/env bash
# clawtui serve: who gets in, what it bounds, and where it listens. Each input as a bare command, with what must come.
# Needs clawtui with its extra [serve], curl, python3 and, for the other account, setpriv and root.
set -uo pipefail

place=$(mktemp -d)
export XDG_STATE_HOME=$place/state XDG_CONFIG_HOME=$place/config
mkdir -p "$place/root/automations"
server= failed=0

cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    wait 2>/dev/null
    rm -rf "$place"
}
trap cleanup EXIT

expect() { # WHAT WANTED GOT
    if [[ $3 == *"$2"* ]]; then echo "ok      $1: $2"; else echo "FAILED  $1: wanted $2, got: $3"; failed=1; fi
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

serve() { # OPTIONS…: starts it, sets $address and $jar
    stop
    clawtui --root "$place/root" serve "$@" >"$place/out" 2>"$place/err" &
    server=$!
    for _ in $(seq 200); do [ -s "$place/out" ] && break; kill -0 "$server" 2>/dev/null || break; sleep 0.1; done
    address=$(tail -n 1 "$place/out") jar=$place/jar
    rm -f "$jar"
    curl -sS -o /dev/null -c "$jar" "$address"
}

stop() {
    [ -z "$server" ] || { kill "$server"; wait "$server"; } 2>/dev/null
    server=
}

status() { curl -sS -m 10 -o /dev/null -w '%{http_code}' "$@"; }

# A websocket's handshake: 101 where a dashboard is started.
upgrade() {
    curl -sS -m 2 -o /dev/null -w '%{http_code}' --http1.1 -H 'Connection: Upgrade' -H 'Upgrade: websocket' \
        -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==' "$@" 2>/dev/null
}

children() { ps -o pid= --ppid "$server" | wc -l; }

gone() { for _ in $(seq 100); do [ "$(children)" -eq 0 ] && return; sleep 0.1; done; }

port=$(free_port)
here=http://127.0.0.1:$port

echo '# 23: a token, then a cookie'
serve --port "$port"
expect 'the address has a token' "$here/?token=" "$address"
expect 'the page without it' 403 "$(status "$here/")"
expect 'the page with a wrong one' 403 "$(status "$here/?token=guess")"
expect 'the socket without it' 403 "$(upgrade "$here/ws")"
expect 'no process was started for those' 0 "$(children)"
expect 'the address gives the cookie' 'SameSite=Strict' "$(curl -sSi "$address" | grep -i set-cookie)"
expect 'the page with the cookie' 200 "$(status -b "$jar" "$here/")"
expect 'the socket with the cookie' 101 "$(upgrade -b "$jar" "$here/ws")"
gone
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    expect 'the page for uid 12345' 403 \
        "$(setpriv --reuid 12345 --clear-groups curl -sS -o /dev/null -w '%{http_code}' "$here/")"
fi

echo '# 23: frames, other sites, other names'
expect 'frames' "frame-ancestors 'none'" "$(curl -sSi -b "$jar" "$here/" | grep -i content-security)"
expect 'the socket from another site' 403 "$(upgrade -b "$jar" -H 'Origin: http://evil.example' "$here/ws")"
cookie=$(awk 'NF >= 7 { print $6 "=" $7 }' "$jar" | tail -n 1)
expect 'a name that leads here' 403 \
    "$(upgrade -H "Cookie: $cookie" -H 'Host: evil.example' -H 'Origin: http://evil.example' "$here/ws")"

echo '# 25: ssh -L with another local port'
expect 'the page names the port that the browser uses' 'ws://localhost:9999/ws' \
    "$(curl -sS -H "Cookie: $cookie" -H 'Host: localhost:9999' "$here/")"
expect 'the socket' 101 \
    "$(upgrade -H "Cookie: $cookie" -H 'Host: localhost:9999' -H 'Origin: http://localhost:9999' "$here/ws")"
gone

echo '# 24: idle connections, sizes, messages'
(ulimit -n 4096 && python3 - "$port" <<'PY') &
import socket, sys, time
idle = []
for number in range(1100):
    idle.append(socket.create_connection(("127.0.0.1", int(sys.argv[1]))))
    time.sleep(0.002)
time.sleep(3)
PY
idle=$!
sleep 3
expect 'the page beside 1,100 idle connections' 200 "$(status -b "$jar" "$here/")"
wait "$idle"
expect 'the server goes on' 200 "$(status -b "$jar" "$here/")"
python3 - "$port" "$cookie" >"$place/big" <<'PY'
import base64, os, socket, struct, sys
port, cookie = int(sys.argv[1]), sys.argv[2]
s = socket.create_connection(("127.0.0.1", port))
s.sendall((f"GET /ws?width=1000000000&height=1000000000 HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\n"
           "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
           f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n").encode())
s.settimeout(30)
seen = b""
while b"Automations" not in seen:
    seen += s.recv(1 << 16)
print("shown", flush=True)
text = b'["stdin", "' + b"x" * 3_000_000 + b'"]'
try:
    s.sendall(b"\x81\xff" + struct.pack(">Q", len(text)) + b"\0\0\0\0" + text)
    while s.recv(1 << 16):
        pass
except OSError:
    pass
print("closed", flush=True)
PY
expect 'a width of 1,000,000,000 shows a dashboard' shown "$(cat "$place/big")"
expect 'a message of 3 MB ends the session' closed "$(cat "$place/big")"
gone
expect 'and its process' 0 "$(children)"

echo '# 25: where it listens'
answer=$(clawtui --root "$place/root" serve --port "$port" 2>&1)
expect 'a taken port is named' "port $port of 127.0.0.1 is taken by another program" "$answer"
for host in 127.0.0.2 ::1 0.0.0.0; do
    port=$(free_port)
    serve --host "$host" --port "$port"
    expect "--host $host: the page" 200 "$(status -g -b "$jar" "${address%%\?*}")"
    expect "--host $host: the socket" 101 \
        "$(upgrade -g -b "$jar" -H "Origin: ${address%%/\?*}" "${address%%\?*}ws")"
    gone
done
expect '0.0.0.0 under a name that leads here' 403 \
    "$(status -b "$jar" -H 'Host: evil.example' "http://127.0.0.1:$port/")"
serve --host 0.0.0.0 --port "$port" --allowed-host gateway.example
cookie=$(awk 'NF >= 7 { print $6 "=" $7 }' "$jar" | tail -n 1)
expect '0.0.0.0 under a name that was allowed' 200 \
    "$(status -H "Cookie: $cookie" -H 'Host: gateway.example' "http://127.0.0.1:$port/")"
if [ "$(id -u)" -eq 0 ] && ! (exec 3<>/dev/tcp/127.0.0.1/80) 2>/dev/null; then
    serve --port 80
    expect '--port 80: the page' 'ws://127.0.0.1/ws' "$(curl -sS -b "$jar" http://127.0.0.1/)"
    expect '--port 80: the socket' 101 "$(upgrade -b "$jar" -H 'Origin: http://127.0.0.1' http://127.0.0.1/ws)"
fi

exit "$failed"
