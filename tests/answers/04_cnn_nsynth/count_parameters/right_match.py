def count_parameters(input_length, layers):
    n, c, out = input_length, 1, []
    for layer in layers:
        match layer:
            case {"kind": "conv1d", "filters": f, "kernel": k}:
                out += [f * (c * k + 1)]
                n, c = n - (k - 1), f
            case {"kind": "pool", "size": s}:
                out += [0]
                n = int(n / s)
            case {"kind": "flatten"}:
                out += [0]
                n, c = 1, n * c
            case {"kind": "global_pool"}:
                out += [0]
                n = 1
            case {"kind": "dense", "units": u}:
                out += [u * (c + 1)]
                c = u
    return np.array(out)
