"""Families of numbers as people index them: several indices, superscripts, brackets, sets without a name for their size."""

from __future__ import annotations

import pytest

from symderiv.check import check_text

PROVED = (
    (
        r"Let $x_{nd} \in \mathbb{R}$ for $n = 1, \ldots, N$ and $d = 1, \ldots, D$, $\mu_d = \frac{1}{N} \sum_{n=1}^{N} x_{nd}$.",
        r"\frac{\partial \mu_d}{\partial x_{ij}} = \frac{1}{N} \delta_{dj}",
    ),
    (
        r"Let $x_{nd} \in \mathbb{R}$ for $n = 1, \ldots, N$ and $d = 1, \ldots, D$, $\mu_d = \frac{1}{N} \sum_{n=1}^{N} x_{nd}$ and $\sigma_d^2 = \frac{1}{N} \sum_{n=1}^{N} (x_{nd} - \mu_d)^2$.",
        r"\sigma_d^2 = \frac{1}{N} \sum_{n=1}^N x_{nd}^2 - \mu_d^2",
    ),
    (
        r"Let $x_i \in \mathbb{R}$ for $i = 1, \ldots, m$, $\mu = \frac{1}{m} \sum_{i=1}^m x_i$ and $\sigma^2 = \frac{1}{m} \sum_{i=1}^m (x_i - \mu)^2$.",
        r"\frac{\partial \sigma^2}{\partial x_j} = \frac{2 (x_j - \mu)}{m}",
    ),
    (
        r"Let $x_i \in \mathbb{R}$ for $i = 1, \ldots, m$, $\mu_B = \frac{1}{m} \sum_{i=1}^m x_i$ and $\sigma_B^2 = \frac{1}{m} \sum_{i=1}^m (x_i - \mu_B)^2$.",
        r"\frac{1}{m}\sum_{i=1}^m (x_i - \mu_B) = 0",
    ),
    (
        r"Let $x^{(i)} \in \mathbb{R}^d$ and $y^{(i)} \in \mathbb{R}$ for $i = 1, \ldots, m$, let $w \in \mathbb{R}^d$ and $J = \frac{1}{2m} \sum_{i=1}^m (w^T x^{(i)} - y^{(i)})^2$.",
        r"\frac{\partial J}{\partial w_j} = \frac{1}{m} \sum_{i=1}^m (w^T x^{(i)} - y^{(i)}) x_j^{(i)}",
    ),
    (
        r"Let $x^{(i)} \in \mathbb{R}^d$ and $y^{(i)} \in \mathbb{R}$ for $i = 1, \ldots, m$, let $w \in \mathbb{R}^d$ and $J = \frac{1}{2m} \sum_{i=1}^m (w^T x^{(i)} - y^{(i)})^2$.",
        r"\nabla_w J = \frac{1}{m} \sum_{i=1}^m (w^T x^{(i)} - y^{(i)}) x^{(i)}",
    ),
    (
        r"Let $x^{(i)} \in \mathbb{R}^d$ and $y^{(i)} \in \{0, 1\}$ for $i = 1, \ldots, m$, let $w \in \mathbb{R}^d$, $\sigma(t) = \frac{1}{1+e^{-t}}$, $\hat{y}^{(i)} = \sigma(w^T x^{(i)})$ and $J = -\frac{1}{m} \sum_{i=1}^m \left( y^{(i)} \log \hat{y}^{(i)} + (1 - y^{(i)}) \log(1 - \hat{y}^{(i)}) \right)$.",
        r"\frac{\partial J}{\partial w_j} = \frac{1}{m} \sum_{i=1}^m (\hat{y}^{(i)} - y^{(i)}) x_j^{(i)}",
    ),
    (
        r"Let $x^{(i)}, y^{(i)} \in \mathbb{R}$ for $i = 1, \dots, m$ and $w, b \in \mathbb{R}$. Let $\hat{y}^{(i)} = w x^{(i)} + b$ and $L = \frac{1}{m} \sum_{i=1}^m (\hat{y}^{(i)} - y^{(i)})^2$.",
        r"\frac{\partial L}{\partial b} = \frac{2}{m} \sum_{i=1}^m (\hat{y}^{(i)} - y^{(i)})",
    ),
    (
        r"Let $x^{(i)}, y^{(i)} \in \mathbb{R}$ for $i = 1, \dots, m$ and $w, b \in \mathbb{R}$. Let $\hat{y}^{(i)} = w x^{(i)} + b$.",
        r"\sum_{i=1}^m \hat{y}^{(i)} = w \sum_{i=1}^m x^{(i)} + m b",
    ),
    (
        r"Let $y^{(i)} \in \{0, 1\}$ for $i = 1, \ldots, m$ and $x^{(i)} \in \mathbb{R}$.",
        r"\sum_{i=1}^m \mathbb{1}\{y^{(i)} = 1\} x^{(i)} = \sum_{i=1}^m y^{(i)} x^{(i)}",
    ),
    (
        r"Let $y^{(i)} \in \{-1, 1\}$ for $i = 1, \ldots, m$.",
        r"\sum_{i=1}^m \mathbb{1}\{y^{(i)} = 1\} + \sum_{i=1}^m \mathbb{1}\{y^{(i)} = -1\} = m",
    ),
    (
        r"Let $y^{(i)} \in \{-1, 1\}$ for $i = 1, \ldots, m$.",
        r"\sum_{i=1}^m (y^{(i)})^2 = m",
    ),
    (
        r"Let $y_i \in \{0, 1\}$ for $i = 1, \ldots, n$.",
        r"\sum_{i=1}^n y_i^2 = \sum_{i=1}^n y_i",
    ),
    (
        r"Let $q_t, y_t \in \mathbb{R}^K$, $\hat{y}_{t_k} = \frac{e^{q_{t_k}}}{\sum_l e^{q_{t_l}}}$ and let $y_t$ be one-hot.",
        r"\frac{\partial \hat{y}_{t_k}}{\partial q_{t_l}} = \hat{y}_{t_k} (\delta_{kl} - \hat{y}_{t_l})",
    ),
    (
        r"Let $z_{t,k} \in \mathbb{R}$ for $t = 1, \ldots, T$ and $k = 1, \ldots, K$, and $p_{t,k} = \frac{e^{z_{t,k}}}{\sum_{l=1}^K e^{z_{t,l}}}$.",
        r"\frac{\partial p_{t,k}}{\partial z_{s,l}} = \delta_{ts} p_{t,k} (\delta_{kl} - p_{t,l})",
    ),
    (
        r"Let $z_{t,k} \in \mathbb{R}$ for $t = 1, \ldots, T$ and $k = 1, \ldots, K$, and $p_{t,k} = \frac{e^{z_{t,k}}}{\sum_{l=1}^K e^{z_{t,l}}}$.",
        r"\sum_{t=1}^T \sum_{k=1}^K p_{t,k} = T",
    ),
    (
        r"Let $x[i, j]$ and $w[a, b]$ be real numbers and $y[i, j] = \sum_{a=0}^{2} \sum_{b=0}^{2} w[a, b] x[i + a, j + b]$.",
        r"\frac{\partial y[i, j]}{\partial w[0, 1]} = x[i, j+1]",
    ),
    (
        r"Let $r_{nk} \in \{0, 1\}$ and $x_n, \mu_k \in \mathbb{R}$ for $n = 1, \ldots, N$ and $k = 1, \ldots, K$, and $J = \sum_{n=1}^N \sum_{k=1}^K r_{nk} (x_n - \mu_k)^2$.",
        r"\frac{\partial J}{\partial \mu_k} = -2 \sum_{n=1}^N r_{nk} (x_n - \mu_k)",
    ),
    (
        r"Let $\pi_k, \rho_{nk} > 0$ for $n = 1, \ldots, N$ and $k = 1, \ldots, K$, $\gamma_{nk} = \frac{\pi_k \rho_{nk}}{\sum_{j=1}^K \pi_j \rho_{nj}}$.",
        r"\sum_{k=1}^K \gamma_{nk} = 1",
    ),
    (
        r"Let $a_{ij}, b_j > 0$ and $\alpha_i \in \mathbb{R}$ for $i, j = 1, \ldots, K$, and $\beta_j = b_j \sum_{i=1}^K \alpha_i a_{ij}$.",
        r"\frac{\partial \beta_j}{\partial a_{kl}} = b_j \alpha_k \delta_{jl}",
    ),
    (
        r"Let $u_w, v \in \mathbb{R}^d$ for $w = 1, \ldots, V$, $p_w = \frac{e^{u_w^T v}}{\sum_{j=1}^{V} e^{u_j^T v}}$.",
        r"\sum_{w=1}^V p_w = 1",
    ),
    (
        r"Let $\hat{y}_w > 0$ and $y_w \in \mathbb{R}$.",
        r"\sum_{w \in V} (y_w + \hat{y}_w) = \sum_{w \in V} y_w + \sum_{w \in V} \hat{y}_w",
    ),
    (
        r"Let $z_j^{(l)} = \sum_{k=1}^{n} w_{jk}^{(l)} a_k^{(l-1)} + b_j^{(l)}$.",
        r"\frac{\partial z_j^{(l)}}{\partial w_{jk}^{(l)}} = a_k^{(l-1)}",
    ),
    (
        r"Let $z_j^{[l]} = \sum_{k=1}^{n} w_{jk}^{[l]} a_k^{[l-1]} + b_j^{[l]}$.",
        r"\frac{\partial z_j^{[l]}}{\partial b_j^{[l]}} = 1",
    ),
    (
        r"Let $A \in \mathbb{R}^{m \times n}$, $B \in \mathbb{R}^{n \times p}$, $i \in \{1, \dots, m\}$, $j \in \{1, \dots, p\}$ and $C_{ij} = \sum_{k=1}^n A_{ik} B_{kj}$.",
        r"C_{ij} = (AB)_{ij}",
    ),
    (
        r"Let $Z, G \in \mathbb{R}^{N \times K}$, $n \in \{1, \dots, N\}$, $i, j \in \{1, \dots, K\}$, $Y_{ni} = \frac{e^{Z_{ni}}}{\sum_{k=1}^{K} e^{Z_{nk}}}$.",
        r"\sum_{i=1}^K Y_{ni} = 1",
    ),
    (
        r"Let $w = (w_1, w_2, w_3)^T$ and $a = (x_1, x_2, 1)^T$.",
        r"w^T a = w_1 x_1 + w_2 x_2 + w_3",
    ),
    (
        r"Let $y_{t,j}, \hat{y}_{t,j} > 0$ and $J^{(t)}(\theta) = - \sum_{j=1}^{K} y_{t,j} \log \hat{y}_{t,j}$.",
        r"\frac{1}{T} \sum_{t=1}^{T} J^{(t)}(\theta) = - \frac{1}{T} \sum_{t=1}^{T} \sum_{j=1}^{K} y_{t,j} \log \hat{y}_{t,j}",
    ),
    (
        r"Let $\sigma(t) = \frac{1}{1+e^{-t}}$, $z^{(i)} = w x^{(i)} + b$ and $a^{(i)} = \sigma(z^{(i)})$ for $i = 1, \ldots, m$.",
        r"\frac{\partial a^{(i)}}{\partial z^{(i)}} = a^{(i)} (1 - a^{(i)})",
    ),
    (
        r"Let $x^{(i)}, y^{(i)}, w, b \in \mathbb{R}$, $\sigma(t) = \frac{1}{1+e^{-t}}$, $z^{(i)} = w x^{(i)} + b$ and $a^{(i)} = \sigma(z^{(i)})$ for $i = 1, \ldots, m$, and $L = \sum_{i=1}^m (a^{(i)} - y^{(i)})^2$.",
        r"\frac{\partial L}{\partial z^{(j)}} = 2 (a^{(j)} - y^{(j)}) a^{(j)} (1 - a^{(j)})",
    ),
    (
        r"Let $x^{(i)} \in \mathbb{R}^d$ for $i = 1, \ldots, m$ and $\mu = \frac{1}{m} \sum_{i=1}^m x^{(i)}$.",
        r"\sum_{i=1}^m (x^{(i)} - \mu) = 0",
    ),
    (
        r"Let $x^{(i)} \in \mathbb{R}^d$ for $i = 1, \ldots, m$.",
        r"\sum_{i=1}^m \|x^{(i)}\|^2 = \sum_{i=1}^m \sum_{j=1}^d (x_j^{(i)})^2",
    ),
    (
        r"Let $a_w, b_w \in \mathbb{R}$.",
        r"\sum_{w \in V} c (a_w + b_w) = c \sum_{w \in V} a_w + c \sum_{w \in V} b_w",
    ),
    (
        r"Here $x$ is a vector of length $n$, $j$ runs from $1$ to $n$.",
        r"\frac{\sum_{m=1}^{n} \delta_{m j}}{n} = \frac{1}{n}",
    ),
)

REFUTED = (
    (
        r"Let $x_{nd} \in \mathbb{R}$ for $n = 1, \ldots, N$ and $d = 1, \ldots, D$, $\mu_d = \frac{1}{N} \sum_{n=1}^{N} x_{nd}$.",
        r"\frac{\partial \mu_d}{\partial x_{ij}} = \frac{1}{N} \delta_{ij}",
    ),
    (
        r"Let $x_{nd} \in \mathbb{R}$ for $n = 1, \ldots, N$ and $d = 1, \ldots, D$, $\mu_d = \frac{1}{N} \sum_{n=1}^{N} x_{nd}$.",
        r"\frac{\partial \mu_d}{\partial x_{ij}} = \frac{1}{D} \delta_{dj}",
    ),
    (
        r"Let $x_{nd} \in \mathbb{R}$ for $n = 1, \ldots, N$ and $d = 1, \ldots, D$, $\mu_d = \frac{1}{N} \sum_{n=1}^{N} x_{nd}$ and $\sigma_d^2 = \frac{1}{N} \sum_{n=1}^{N} (x_{nd} - \mu_d)^2$.",
        r"\frac{\partial \sigma_d^2}{\partial x_{ij}} = \frac{2}{N} (x_{id} - \mu_d)",
    ),
    (
        r"Let $x_{nd} \in \mathbb{R}$ for $n = 1, \ldots, N$ and $d = 1, \ldots, D$, $\mu_d = \frac{1}{N} \sum_{n=1}^{N} x_{nd}$ and $\sigma_d^2 = \frac{1}{N} \sum_{n=1}^{N} (x_{nd} - \mu_d)^2$.",
        r"\frac{\partial \sigma_d^2}{\partial x_{ij}} = \frac{1}{N} (x_{id} - \mu_d) \delta_{dj}",
    ),
    (
        r"Let $x_i \in \mathbb{R}$ for $i = 1, \ldots, m$, $\mu = \frac{1}{m} \sum_{i=1}^m x_i$ and $\sigma^2 = \frac{1}{m} \sum_{i=1}^m (x_i - \mu)^2$.",
        r"\frac{\partial \sigma^2}{\partial x_j} = 2 (x_j - \mu)",
    ),
    (
        r"Let $x^{(i)} \in \mathbb{R}^d$ and $y^{(i)} \in \mathbb{R}$ for $i = 1, \ldots, m$, let $w \in \mathbb{R}^d$ and $J = \frac{1}{2m} \sum_{i=1}^m (w^T x^{(i)} - y^{(i)})^2$.",
        r"\frac{\partial J}{\partial w_j} = \frac{1}{m} \sum_{i=1}^m (y^{(i)} - w^T x^{(i)}) x_j^{(i)}",
    ),
    (
        r"Let $x^{(i)} \in \mathbb{R}^d$ and $y^{(i)} \in \mathbb{R}$ for $i = 1, \ldots, m$, let $w \in \mathbb{R}^d$ and $J = \frac{1}{2m} \sum_{i=1}^m (w^T x^{(i)} - y^{(i)})^2$.",
        r"\nabla_w J = \frac{2}{m} \sum_{i=1}^m (w^T x^{(i)} - y^{(i)}) x^{(i)}",
    ),
    (
        r"Let $x^{(i)} \in \mathbb{R}^d$ and $y^{(i)} \in \{0, 1\}$ for $i = 1, \ldots, m$, let $w \in \mathbb{R}^d$, $\sigma(t) = \frac{1}{1+e^{-t}}$, $\hat{y}^{(i)} = \sigma(w^T x^{(i)})$ and $J = -\frac{1}{m} \sum_{i=1}^m \left( y^{(i)} \log \hat{y}^{(i)} + (1 - y^{(i)}) \log(1 - \hat{y}^{(i)}) \right)$.",
        r"\frac{\partial J}{\partial w_j} = \frac{1}{m} \sum_{i=1}^m (y^{(i)} - \hat{y}^{(i)}) x_j^{(i)}",
    ),
    (
        r"Let $x^{(i)} \in \mathbb{R}^d$ and $y^{(i)} \in \{0, 1\}$ for $i = 1, \ldots, m$, let $w \in \mathbb{R}^d$, $\sigma(t) = \frac{1}{1+e^{-t}}$, $\hat{y}^{(i)} = \sigma(w^T x^{(i)})$ and $J = -\frac{1}{m} \sum_{i=1}^m \left( y^{(i)} \log \hat{y}^{(i)} + (1 - y^{(i)}) \log(1 - \hat{y}^{(i)}) \right)$.",
        r"\frac{\partial J}{\partial w_j} = \frac{1}{m} \sum_{i=1}^m (\hat{y}^{(i)} - y^{(i)}) x_i^{(j)}",
    ),
    (
        r"Let $x^{(i)}, y^{(i)} \in \mathbb{R}$ for $i = 1, \dots, m$ and $w, b \in \mathbb{R}$. Let $\hat{y}^{(i)} = w x^{(i)} + b$ and $L = \frac{1}{m} \sum_{i=1}^m (\hat{y}^{(i)} - y^{(i)})^2$.",
        r"\frac{\partial L}{\partial w} = \frac{2}{m} \sum_{i=1}^m (\hat{y}^{(i)} - y^{(i)})",
    ),
    (
        r"Let $x^{(i)}, y^{(i)} \in \mathbb{R}$ for $i = 1, \dots, m$ and $w, b \in \mathbb{R}$. Let $\hat{y}^{(i)} = w x^{(i)} + b$.",
        r"\sum_{i=1}^m \hat{y}^{(i)} = w \sum_{i=1}^m x^{(i)} + b",
    ),
    (
        r"Let $y^{(i)} \in \{0, 1\}$ for $i = 1, \ldots, m$ and $x^{(i)} \in \mathbb{R}$.",
        r"\sum_{i=1}^m \mathbb{1}\{y^{(i)} = 0\} x^{(i)} = \sum_{i=1}^m y^{(i)} x^{(i)}",
    ),
    (
        r"Let $y^{(i)} \in \{-1, 1\}$ for $i = 1, \ldots, m$.",
        r"\sum_{i=1}^m \mathbb{1}\{y^{(i)} = 1\} = \frac{m}{2}",
    ),
    (
        r"Let $y_i \in \{0, 1\}$ for $i = 1, \ldots, n$.",
        r"\sum_{i=1}^n y_i^2 = n",
    ),
    (
        r"Let $q_t, y_t \in \mathbb{R}^K$, $\hat{y}_{t_k} = \frac{e^{q_{t_k}}}{\sum_l e^{q_{t_l}}}$ and let $y_t$ be one-hot.",
        r"\frac{\partial \hat{y}_{t_k}}{\partial q_{t_l}} = \hat{y}_{t_k} (1 - \hat{y}_{t_l})",
    ),
    (
        r"Let $q_t, y_t \in \mathbb{R}^K$, $\hat{y}_{t_k} = \frac{e^{q_{t_k}}}{\sum_l e^{q_{t_l}}}$ and let $y_t$ be one-hot. Let $E_t = -\sum_k y_{t_k} \log{\hat{y}_{t_k}}$.",
        r"\frac{\partial E_t}{\partial q_{t_l}} = y_{t_l} - \hat{y}_{t_l}",
    ),
    (
        r"Let $z_{t,k} \in \mathbb{R}$ for $t = 1, \ldots, T$ and $k = 1, \ldots, K$, and $p_{t,k} = \frac{e^{z_{t,k}}}{\sum_{l=1}^K e^{z_{t,l}}}$.",
        r"\frac{\partial p_{t,k}}{\partial z_{s,l}} = p_{t,k} (\delta_{kl} - p_{t,l})",
    ),
    (
        r"Let $z_{t,k} \in \mathbb{R}$ for $t = 1, \ldots, T$ and $k = 1, \ldots, K$, and $p_{t,k} = \frac{e^{z_{t,k}}}{\sum_{l=1}^K e^{z_{t,l}}}$.",
        r"\sum_{t=1}^T \sum_{k=1}^K p_{t,k} = 1",
    ),
    (
        r"Let $w[k]$ for $k = 0, \dots, 2$ and $x[t]$ be real numbers and $y[t] = \sum_{k=0}^2 w[k] x[t+k]$.",
        r"\frac{\partial y[t]}{\partial w[k]} = x[t-k]",
    ),
    (
        r"Let $x[i, j]$ and $w[a, b]$ be real numbers and $y[i, j] = \sum_{a=0}^{2} \sum_{b=0}^{2} w[a, b] x[i + a, j + b]$.",
        r"\frac{\partial y[i, j]}{\partial w[0, 1]} = x[i+1, j]",
    ),
    (
        r"Let $r_{nk} \in \{0, 1\}$ and $x_n, \mu_k \in \mathbb{R}$ for $n = 1, \ldots, N$ and $k = 1, \ldots, K$, and $J = \sum_{n=1}^N \sum_{k=1}^K r_{nk} (x_n - \mu_k)^2$.",
        r"\frac{\partial J}{\partial \mu_k} = 2 \sum_{n=1}^N r_{nk} (x_n - \mu_k)",
    ),
    (
        r"Let $r_{nk} \in \{0, 1\}$ and $x_n, \mu_k \in \mathbb{R}$ for $n = 1, \ldots, N$ and $k = 1, \ldots, K$, and $J = \sum_{n=1}^N \sum_{k=1}^K r_{nk} (x_n - \mu_k)^2$.",
        r"\frac{\partial J}{\partial \mu_k} = -2 \sum_{n=1}^N (x_n - \mu_k)",
    ),
    (
        r"Let $\pi_k, \rho_{nk} > 0$ for $n = 1, \ldots, N$ and $k = 1, \ldots, K$, $\gamma_{nk} = \frac{\pi_k \rho_{nk}}{\sum_{j=1}^K \pi_j \rho_{nj}}$.",
        r"\sum_{n=1}^N \gamma_{nk} = 1",
    ),
    (
        r"Let $a_{ij}, b_j > 0$ and $\alpha_i \in \mathbb{R}$ for $i, j = 1, \ldots, K$, and $\beta_j = b_j \sum_{i=1}^K \alpha_i a_{ij}$.",
        r"\frac{\partial \beta_j}{\partial a_{kl}} = b_j \alpha_l \delta_{jk}",
    ),
    (
        r"Let $h_k^{L-1}$, $W_{kj}^L$ and $b_j^L$ be real numbers for $k = 1, \ldots, n$ and $j = 1, \ldots, m$.",
        r"\frac{\partial (\sum_k h_k^{L-1} W_{kj}^L+b_j^L)}{\partial W_{ij}^L} = h_j^{L-1}",
    ),
    (
        r"Let $z_j^{(l)} = \sum_{k=1}^{n} w_{jk}^{(l)} a_k^{(l-1)} + b_j^{(l)}$.",
        r"\frac{\partial z_j^{(l)}}{\partial w_{jk}^{(l)}} = a_j^{(l-1)}",
    ),
    (
        r"Let $A \in \mathbb{R}^{m \times n}$, $B \in \mathbb{R}^{n \times n}$, $i \in \{1, \dots, m\}$, $j \in \{1, \dots, n\}$ and $C_{ij} = \sum_{k=1}^n A_{ik} B_{jk}$.",
        r"C_{ij} = (AB)_{ij}",
    ),
    (
        r"Let $Z, G \in \mathbb{R}^{N \times K}$, $n \in \{1, \dots, N\}$, $i, j \in \{1, \dots, K\}$, $Y_{ni} = \frac{e^{Z_{ni}}}{\sum_{k=1}^{K} e^{Z_{nk}}}$.",
        r"\sum_{n=1}^N Y_{ni} = 1",
    ),
    (
        r"Let $y_{t,j}, \hat{y}_{t,j} > 0$ and $J^{(t)}(\theta) = - \sum_{j=1}^{K} y_{t,j} \log \hat{y}_{t,j}$.",
        r"\frac{1}{T} \sum_{t=1}^{T} J^{(t)}(\theta) = - \sum_{t=1}^{T} \sum_{j=1}^{K} y_{t,j} \log \hat{y}_{t,j}",
    ),
    (
        r"Let $\sigma(t) = \frac{1}{1+e^{-t}}$, $z^{(i)} = w x^{(i)} + b$ and $a^{(i)} = \sigma(z^{(i)})$ for $i = 1, \ldots, m$.",
        r"\frac{\partial a^{(i)}}{\partial z^{(i)}} = a^{(i)} (1 + a^{(i)})",
    ),
    (
        r"Let $x^{(i)}, y^{(i)}, w, b \in \mathbb{R}$, $\sigma(t) = \frac{1}{1+e^{-t}}$, $z^{(i)} = w x^{(i)} + b$ and $a^{(i)} = \sigma(z^{(i)})$ for $i = 1, \ldots, m$, and $L = \sum_{i=1}^m (a^{(i)} - y^{(i)})^2$.",
        r"\frac{\partial L}{\partial z^{(j)}} = 2 (a^{(j)} - y^{(j)})",
    ),
    (
        r"Let $x^{(i)}, y^{(i)}, w, b \in \mathbb{R}$, $\sigma(t) = \frac{1}{1+e^{-t}}$, $z^{(i)} = w x^{(i)} + b$ and $a^{(i)} = \sigma(z^{(i)})$ for $i = 1, \ldots, m$, and $L = \sum_{i=1}^m (a^{(i)} - y^{(i)})^2$.",
        r"\frac{\partial L}{\partial z^{(j)}} = \sum_{i=1}^m 2 (a^{(i)} - y^{(i)}) a^{(i)} (1 - a^{(i)})",
    ),
    (
        r"Let $x^{(i)} \in \mathbb{R}^d$ for $i = 1, \ldots, m$.",
        r"\sum_{i=1}^m \|x^{(i)}\|^2 = \sum_{i=1}^m \sum_{j=1}^d x_j^{(i)}",
    ),
)

OPEN = (
    (
        r"Let $x^{(i)} \in \mathbb{R}^d$ for $i = 1, \ldots, m$.",
        r"x_j^2 = x_j",
    ),
    (
        r"Let $x^{(i)} \in \mathbb{R}$ for $i = 1, \ldots, m$.",
        r"\frac{\partial x^2}{\partial x} = 3 x",
    ),
    (
        r"Let $a^{(i)} = \sigma(z^{(i)})$.",
        r"\frac{da}{dz} = 0",
    ),
    (
        r"Let $A_{ij} = 0$ for $i \ne j$ and $A \in \mathbb{R}^{n \times n}$.",
        r"\sum_{i=1}^n A_{ii} = 1",
    ),
    (
        r"Let $x \in \mathbb{R}$ be a number.",
        r"\sum_{x \in S} x = |S|",
    ),
    (
        r"Let $y_{t,j} \in \{0, 1\}$.",
        r"\sum_{t=1}^T y_{t,1}^2 = \sum_{t=1}^T 2 y_{t,1}",
    ),
    (
        r"Let $A \in \mathbb{R}^{n \times n}$ and $A_{ij} = 0$ for $i \ne j$.",
        r"\sum_{i=1}^n \sum_{j=1}^n A_{ij} = 0",
    ),
    (
        r"Let $p_i = 0$ for $i \ne j$.",
        r"\sum_{i=1}^n p_i = 0",
    ),
)


def _verdict(given: str, step: str) -> str:
    (report,) = check_text(f"{given}\n\n$$\n{step}\n$$\n").files
    return report.claims[-1].verdict


@pytest.mark.parametrize(("given", "step"), PROVED)
def test_what_holds_for_all_entries_is_proved(given: str, step: str) -> None:
    assert _verdict(given, step) == "proved"


@pytest.mark.parametrize(("given", "step"), REFUTED)
def test_a_wrong_twin_is_refuted(given: str, step: str) -> None:
    assert _verdict(given, step) == "refuted"


@pytest.mark.parametrize(("given", "step"), OPEN)
def test_other_indices_and_definitions_of_some_entries_are_left_open(given: str, step: str) -> None:
    assert _verdict(given, step) not in ("proved", "refuted")
