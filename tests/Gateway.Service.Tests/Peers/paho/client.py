"""Paho's Python client (Debian's 1.6), told what to do by lines of JSON; see ../README.md."""
import json
import sys
import threading

from paho.mqtt import client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

ALIASES = 16

out = threading.Lock()
client = None
is_v5 = False
use_aliases = False
topic_aliases = {}
keys = {}
done = set()
keys_gate = threading.Lock()


def say(**what):
    with out:
        print(json.dumps(what), flush=True)


def properties(packet_type, **values):
    """Properties of a 5.0 packet, None under 3.1.1."""
    if not is_v5:
        return None
    made = Properties(packet_type)
    for name, value in values.items():
        if value is not None:
            setattr(made, name, value)
    return made


def connected(_client, _userdata, flags, reason, *_properties):
    code = reason if isinstance(reason, int) else reason.value
    if code != 0:
        say(**{"is": "refused", "reason": code})
        return
    topic_aliases.clear()
    say(**{"is": "connected", "present": bool(flags["session present"])})


def disconnected(_client, _userdata, reason, *rest):
    # 5.0 hands over the server's DISCONNECT as reason code; a lost connection is a plain number.
    if is_v5 and not isinstance(reason, int):
        say(**{"is": "dismissed", "reason": reason.value})
    say(**{"is": "closed"})


def subscribed(_client, _userdata, _mid, granted, *_properties):
    say(**{"is": "subscribed", "codes": [int(g) if isinstance(g, int) else g.value for g in granted]})


def received(_client, _userdata, message):
    expiry = getattr(message.properties, "MessageExpiryInterval", None) if is_v5 else None
    say(**{"is": "message", "topic": message.topic, "payload": message.payload.decode(), "qos": message.qos,
           "retain": bool(message.retain), "expirySeconds": expiry})


def settle(mid, key=None):
    """Either side may come first: the acknowledgement, or publish() that tells the message's number."""
    with keys_gate:
        if key is None:
            done.add(mid)
        else:
            keys[mid] = key
        if mid not in done or mid not in keys:
            return
        done.remove(mid)
        key = keys.pop(mid)
    say(**{"is": "acknowledged", "key": key})


def published(_client, _userdata, mid):
    settle(mid)


def connect(id, port, version, keepSeconds, will, aliases, returns, user, password, tls, webSocket):
    global client, is_v5, use_aliases
    is_v5, use_aliases = version == 5, aliases
    common = {"client_id": id, "reconnect_on_failure": returns, "transport": "websockets" if webSocket else "tcp"}
    if is_v5:
        client = mqtt.Client(protocol=mqtt.MQTTv5, **common)
    else:
        client = mqtt.Client(protocol=mqtt.MQTTv311, clean_session=keepSeconds == 0, **common)
    client.ws_set_options(path="/mqtt")
    client.max_inflight_messages_set(100)
    client.max_queued_messages_set(0)
    client.reconnect_delay_set(1, 1)
    client.on_connect, client.on_disconnect, client.on_subscribe = connected, disconnected, subscribed
    client.on_message, client.on_publish = received, published
    if will:
        delay = properties(PacketTypes.WILLMESSAGE, WillDelayInterval=will["delaySeconds"])
        client.will_set(will["topic"], will["payload"], qos=1, properties=delay)
    if user is not None:
        client.username_pw_set(user, password)
    if tls:
        client.tls_set(tls["ca"], tls["certificate"], tls["key"])
    more = {"clean_start": keepSeconds == 0, "properties": properties(PacketTypes.CONNECT, SessionExpiryInterval=keepSeconds)} if is_v5 else {}
    try:
        client.connect("localhost" if tls else "127.0.0.1", port, keepalive=30, **more)
    except OSError as refused:
        print(refused, file=sys.stderr)
        say(**{"is": "refused", "reason": None})
        return
    client.loop_start()


def subscribe(filters, qos):
    client.subscribe([(f, mqtt.SubscribeOptions(qos=qos)) if is_v5 else (f, qos) for f in filters])


def publish(key, topic, payload, qos, retain, expirySeconds):
    alias = None
    if use_aliases:
        known = topic in topic_aliases
        if known or len(topic_aliases) < ALIASES:
            alias = topic_aliases.setdefault(topic, len(topic_aliases) + 1)
        topic = "" if known else topic
    sent = client.publish(topic, payload, qos=qos, retain=retain,
                          properties=properties(PacketTypes.PUBLISH, MessageExpiryInterval=expirySeconds, TopicAlias=alias))
    settle(sent.mid, key)


def disconnect():
    client.disconnect()
    client.loop_stop()


commands = {"connect": connect, "subscribe": subscribe, "publish": publish, "disconnect": disconnect}

for line in sys.stdin:
    command = json.loads(line)
    commands[command.pop("do")](**command)
