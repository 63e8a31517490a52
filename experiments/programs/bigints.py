"""Big integers: products, quotients, powers by a modulus, roots, digits in and out, bits.

Primes are sought and a message is signed; e is computed to many digits; a number is written in several bases.
"""

SMALL = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37]


def is_prime(number):
    for prime in SMALL:
        if number % prime == 0:
            return number == prime
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd >>= 1
        twos += 1
    for base in SMALL[:4]:
        power = pow(base, odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True


def prime_after(number):
    number |= 1
    while not is_prime(number):
        number += 2
    return number


def inverse(number, modulus):
    a, b, x, y = number % modulus, modulus, 1, 0
    while b:
        quotient, rest = divmod(a, b)
        a, b, x, y = b, rest, y, x - quotient * y
    assert a == 1
    return x % modulus


def root(number):
    """The integer square root, by Newton."""
    guess = 1 << (number.bit_length() + 1) // 2
    while True:
        better = (guess + number // guess) >> 1
        if better >= guess:
            return guess
        guess = better


def euler(digits):
    """e, by adding up inverse factorials between two ends at once."""
    def between(low, high):
        if high - low == 1:
            return 1, high
        middle = (low + high) // 2
        p, q = between(low, middle)
        r, s = between(middle, high)
        return p * s + r, q * s

    terms, size = 1, 1
    while size.bit_length() < digits * 3.33:
        terms += 1
        size *= terms
    p, q = between(0, terms)
    return (p + q) * 10 ** digits // q


def in_base(number, base):
    """Digits by dividing and conquering."""
    powers = [base]
    while powers[-1] * powers[-1] <= number:
        powers.append(powers[-1] ** 2)
    parts = [number]
    for power in reversed(powers):
        parts = [piece for part in parts for piece in divmod(part, power)]
    while len(parts) > 1 and parts[0] == 0:
        del parts[0]
    return parts


def run(n):
    p = prime_after(3 ** (n // 2) + 1000)
    q = prime_after(7 ** (n // 4) + 5000)
    modulus, exponent = p * q, 65537
    private = inverse(exponent, (p - 1) * (q - 1))
    checksum = modulus.bit_length()
    for message in range(2, 6):
        signed = pow(message ** 9 + 1, private, modulus)
        assert pow(signed, exponent, modulus) == (message ** 9 + 1) % modulus
        checksum = (checksum * 31 + signed) % 1000000007
    digits = n * 6
    e = euler(digits)
    text = str(e)
    assert int(text) == e
    checksum += sum(map(int, text)) + text.count("7")
    square = e * e
    assert root(square) == e
    checksum += root(square // 3) % 1000003
    for base in (7, 1000, 65536):
        checksum = (checksum * 17 + sum(in_base(e, base))) % 1000000007
    a, b = 0, 1
    for _ in range(n * 8):
        a, b = b, a + b
    checksum += (a ^ (b >> 3) | 1 << 100 & a) % 1000003 + bin(a & b).count("1") - (-a // 12345 % 1009)
    return checksum % 1000000007
