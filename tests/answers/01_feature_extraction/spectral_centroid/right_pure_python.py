def spectral_centroid(S, freq):
    centroids = []
    for frame in range(len(S[0])):
        weights = [float(row[frame]) for row in S]
        total = sum(weights)
        centroids.append(sum(float(f) * w for f, w in zip(freq, weights)) / total if total > 0 else 0.0)
    return centroids
