from _statistics import _normal_dist_inv_cdf as f
for p in (1e-300, 1e-20, 1e-9, 0.001, 0.02, 0.074, 0.076, 0.25, 0.4999, 0.5, 0.6, 0.9, 0.95, 0.999, 0.9999999999):
    print(p, f(p, 0.0, 1.0), f(p, 100, 15.5))
for args in ((0.0, 0, 1), (1.0, 0, 1), (-1, 0, 1), (2, 0, 1), (0.5, 0, 0), (0.3, 0, -1), ('x', 0, 1)):
    try:
        print(args, f(*args))
    except Exception as e:
        print(args, e.__class__.__name__, e)
