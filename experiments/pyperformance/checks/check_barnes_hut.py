"""Barnes-Hut: the energy before and after, and each particle's position, velocity and mass."""

SHAPE = {"small": (30, 3), "normal": (200, 60)}


def check(benchmark, size):
    count, iterations = SHAPE[size]
    width, height = 1000, 800
    particles = benchmark.create_deterministic_galaxy(count, width / 2, height / 2)
    before = benchmark.calculate_system_energy(particles)
    for _ in range(iterations):
        benchmark.advance_system(particles, benchmark.DEFAULT_THETA, benchmark.TIME_STEP, width, height)
    after = benchmark.calculate_system_energy(particles)
    state = [(particle.position.x, particle.position.y, particle.velocity.x, particle.velocity.y, particle.mass)
             for particle in particles]
    return [("energy.before", before), ("energy.after", after), ("particles", state)]
