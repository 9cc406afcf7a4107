def spectral_centroid(S, freq):
    out = []
    for t in range(S.shape[1]):
        frame = S[:, t]
        if frame.sum() == 0:
            out.append(0.0)
        else:
            out.append(float(np.sum(freq * frame) / np.sum(frame)))
    return out
