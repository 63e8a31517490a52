# Identifiers made of time and machine, and those that are not.
import _uuid
import uuid

made, safe = _uuid.generate_time_safe()
print(type(made), len(made), safe in (0, -1), _uuid.has_uuid_generate_time_safe)
one = uuid.UUID(bytes=made)
print(one.version, one.variant)
many = [uuid.uuid1() for _ in range(200)]
print(len(set(many)), many == sorted(many, key=lambda u: u.time), {u.version for u in many}, len({u.node for u in many}))
print(uuid.uuid1(node=0x010203040506, clock_seq=5).hex[16:])
print(uuid.uuid3(uuid.NAMESPACE_DNS, 'python.org'), uuid.uuid5(uuid.NAMESPACE_DNS, 'python.org'))
print(uuid.uuid4().version, uuid.uuid4() != uuid.uuid4())
