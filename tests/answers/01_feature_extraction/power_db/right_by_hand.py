def power_db(y, n_fft, hop_length):
    y = np.concatenate([np.zeros(n_fft // 2), y, np.zeros(n_fft // 2)])
    w = np.hanning(n_fft + 1)[:-1]
    columns = []
    for start in range(0, len(y) - n_fft + 1, hop_length):
        X = np.fft.rfft(w * y[start : start + n_fft])
        columns.append(X.real**2 + X.imag**2)
    P = np.array(columns).T
    L = 10 * np.log10(np.maximum(P, 1e-10))
    L[L < L.max() - 80] = L.max() - 80
    return L
